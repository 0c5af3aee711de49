// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.transport.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Which endpoints only this machine reaches. Where others reach the node too, they have to know the secret.
final class Loopback {
    private Loopback() {}

    /// Refuses a node that anybody could connect to.
    ///
    /// @throws InvalidConfig naming the endpoint
    static void check(NodeConfig config) {
        if (config.secret().isPresent() || config.open()) {
            return;
        }
        for (Endpoint endpoint : config.listen()) {
            if (!only(endpoint)) {
                throw new InvalidConfig(
                        "listening off loopback without a secret: endpoint=" + endpoint,
                        "set the secret of the cluster, listen on 127.0.0.1 or a Unix domain socket, or allow it"
                                + " explicitly (open)");
            }
        }
    }

    /// Whether only this machine reaches the endpoint; false where that is not known.
    static boolean only(Endpoint endpoint) {
        return switch (endpoint.transport()) {
            case "uds" -> true;
            case "tcp", "rdma" -> isLoopback(host(endpoint.address()));
            default -> false;
        };
    }

    private static String host(String address) {
        String host = address.substring(0, Math.max(0, address.lastIndexOf(':')));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean isLoopback(String host) {
        try {
            boolean all = !host.isBlank();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                all &= address.isLoopbackAddress();
            }
            return all;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
