// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.api.transport.Endpoint;
import io.btd.emulator.net.proxy.ByteProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The links of a cluster under test: one proxy per client and node, made when the client first hears of the node, and
/// pointed to wherever the node listens. Thread-safe.
final class Links implements AutoCloseable {
    private static final String TCP = "tcp";

    private final long seed;
    private final Map<Link, ByteProxy> proxies = new ConcurrentHashMap<>();

    /// @param client its number
    /// @param node its id
    private record Link(int client, int node) {}

    /// @param seed of the places where streams are split
    Links(long seed) {
        this.seed = seed;
    }

    static boolean isTcp(Endpoint endpoint) {
        return endpoint.transport().equals(TCP);
    }

    /// What `client` is told where `node` listens.
    ///
    /// @param endpoint where it does, by TCP
    Endpoint through(int client, int node, Endpoint endpoint) {
        InetSocketAddress target = address(endpoint);
        ByteProxy proxy = proxies.computeIfAbsent(
                new Link(client, node), link -> new ByteProxy(target, seed ^ (long) client << Integer.SIZE ^ node));
        proxy.target(target);
        return new Endpoint(TCP, "127.0.0.1:" + proxy.address().getPort());
    }

    private static InetSocketAddress address(Endpoint endpoint) {
        String text = endpoint.address();
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)));
    }

    /// Does something to a link; nothing where there is none yet.
    void on(int client, int node, Consumer<ByteProxy> what) {
        ByteProxy proxy = proxies.get(new Link(client, node));
        if (proxy != null) {
            what.accept(proxy);
        }
    }

    /// Does something to all links of a node.
    void onAll(int node, Consumer<ByteProxy> what) {
        proxies.forEach((link, proxy) -> {
            if (link.node() == node) {
                what.accept(proxy);
            }
        });
    }

    /// Mends all.
    void heal() {
        proxies.values().forEach(ByteProxy::heal);
    }

    @Override
    public void close() {
        proxies.values().forEach(ByteProxy::close);
    }
}
