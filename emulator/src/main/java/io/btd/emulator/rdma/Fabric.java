// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who has which address. An address is on the fabric once somebody has taken it; loopback always is. Guarded by the
/// lock of the stack.
final class Fabric {
    private static final int FIRST_FREE_PORT = 49152;
    private static final int LAST_PORT = 65535;

    private final FaultPlan faults;
    private final Set<InetAddress> hosts = new HashSet<>();
    private final Map<InetSocketAddress, ConnectionEnd> taken = new HashMap<>();
    private int nextPort = FIRST_FREE_PORT;

    Fabric(FaultPlan faults) {
        this.faults = faults;
    }

    /// Takes an address; a port of 0 becomes a free one.
    InetSocketAddress take(InetSocketAddress wanted, ConnectionEnd end) throws Refused {
        InetSocketAddress address =
                wanted.getPort() == 0 ? new InetSocketAddress(wanted.getAddress(), freePort()) : wanted;
        if (taken.keySet().stream().anyMatch(other -> overlap(address, other))) {
            throw new Refused("rdma_bind_addr", Refused.EADDRINUSE, "address=" + address);
        }
        taken.put(address, end);
        if (!address.getAddress().isAnyLocalAddress()) {
            hosts.add(address.getAddress());
        }
        return address;
    }

    private int freePort() throws Refused {
        for (int tries = FIRST_FREE_PORT; tries <= LAST_PORT; tries++) {
            int port = nextPort;
            nextPort = port == LAST_PORT ? FIRST_FREE_PORT : port + 1;
            if (taken.keySet().stream().noneMatch(other -> other.getPort() == port)) {
                return port;
            }
        }
        throw new Refused("rdma_bind_addr", Refused.EADDRINUSE, "no port is free");
    }

    private static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.getAddress().equals(other.getAddress())
                        || one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress());
    }

    void leave(InetSocketAddress address, ConnectionEnd end) {
        taken.remove(address, end);
    }

    boolean has(InetAddress host) {
        return host.isLoopbackAddress() || hosts.contains(host);
    }

    boolean isSilent(InetSocketAddress destination) {
        return faults.isSilent(destination);
    }

    /// Who listens at an address.
    Optional<ConnectionEnd> listener(InetSocketAddress destination) {
        return taken.entrySet().stream()
                .filter(entry -> overlap(entry.getKey(), destination))
                .map(Map.Entry::getValue)
                .filter(ConnectionEnd::listens)
                .findAny();
    }
}
