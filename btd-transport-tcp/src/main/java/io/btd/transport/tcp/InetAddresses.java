// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// `host:port`, `[IPv6 address]:port`. Names are looked up on the caller's thread, never on one that carries frames.
public final class InetAddresses implements Addresses {
    private static final int MAX_PORT = 65535;

    private final String transport;

    /// Addresses of a transport, which is named where one is refused.
    public InetAddresses(String transport) {
        this.transport = transport;
    }

    @Override
    public SocketAddress remote(String address) {
        InetSocketAddress where = parse(address);
        if (where.getPort() == 0) {
            throw refused(address, "a port to connect to is 1.." + MAX_PORT);
        }
        if (where.isUnresolved()) {
            throw new BtdException.NodeDown(
                    0, "no such host: address=" + address, "check the node's endpoint and name resolution");
        }
        return where;
    }

    @Override
    public SocketAddress local(String address) {
        InetSocketAddress where = parse(address);
        if (where.isUnresolved()) {
            throw refused(address, "the host has no address; listen on an address of this machine");
        }
        return where;
    }

    @Override
    public Bound bound(String address, SocketAddress actual) {
        int port = actual instanceof InetSocketAddress where ? where.getPort() : 0;
        return new Bound(address.substring(0, address.lastIndexOf(':') + 1) + port, () -> {});
    }

    private InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw refused(address, "brackets are for IPv6 addresses, as [::1]:7101");
            }
        } else if (host.indexOf(':') >= 0) {
            throw refused(address, "write an IPv6 address in brackets, as [::1]:7101");
        }
        if (host.isBlank()) {
            throw refused(address, "write host:port, as 127.0.0.1:7101");
        }
        return new InetSocketAddress(host, port(address, address.substring(colon + 1)));
    }

    private int port(String address, String text) {
        if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int port = Integer.parseInt(text);
            if (port <= MAX_PORT) {
                return port;
            }
        }
        throw refused(address, "a port is 0.." + MAX_PORT);
    }

    private BtdException refused(String address, String hint) {
        return new BtdException.InvalidConfig("not an address for " + transport + ": address=" + address, hint);
    }
}
