// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.api.wire.Response;
import io.btd.membership.Host;
import io.btd.membership.Member;
import io.btd.node.Node;
import io.btd.node.NodeConfig;
import org.jspecify.annotations.Nullable;

/// A node in this process that dies and comes back. Thread-safe.
final class InProcessNode implements AutoCloseable {
    private final NodeConfig config;
    private final MemoryRegistry registry;
    private @Nullable Node node;
    private int deaths;

    /// Starts it.
    InProcessNode(NodeConfig config, MemoryRegistry registry) {
        this.config = config;
        this.registry = registry;
        start();
    }

    /// Starts it on its data; nothing if it runs.
    synchronized void start() {
        if (node != null) {
            return;
        }
        Node started = Node.start(config, registry::isUp);
        node = started;
        Response.Load load = started.load();
        registry.announce(new Member(
                started.id(),
                started.arenaUuid(),
                Host.here(),
                ProcessHandle.current().pid(),
                started.endpoints(),
                started.incarnation(),
                load.capacity(),
                load.available(),
                true));
    }

    /// Ends it as if its process had been killed. Every other time the membership hears of it at once; else
    /// it is taken for live until it is back, as for a while with ZooKeeper.
    synchronized void kill() {
        if (node == null) {
            return;
        }
        int id = node.id();
        node.abandon();
        node = null;
        if (deaths++ % 2 == 0) {
            registry.expire(id);
        }
    }

    @Override
    public synchronized void close() {
        if (node != null) {
            node.close();
            node = null;
        }
    }
}
