// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.emulator.net.proxy.Admission;
import io.btd.emulator.net.proxy.ByteProxy;
import io.btd.emulator.net.proxy.LinkFault;
import io.btd.membership.server.ZooKeeperServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// A real ZooKeeper server in this process, behind a proxy, so that nodes and clients can lose it. Thread-safe.
final class ProxiedZooKeeper implements AutoCloseable {
    private final ZooKeeperServer server;
    private final ByteProxy proxy;
    private boolean up = true;
    private int outages;

    private ProxiedZooKeeper(ZooKeeperServer server, ByteProxy proxy) {
        this.server = server;
        this.proxy = proxy;
    }

    /// Starts it.
    ///
    /// @param folder for its data
    /// @param seed of the places where streams are split
    static ProxiedZooKeeper start(Path folder, long seed) {
        ZooKeeperServer server = ZooKeeperServer.start(folder, 0);
        try {
            InetSocketAddress where = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
            return new ProxiedZooKeeper(server, new ByteProxy(where, seed));
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    /// What nodes and clients are given to connect.
    String connectString() {
        return "127.0.0.1:" + proxy.address().getPort();
    }

    synchronized boolean isUp() {
        return up;
    }

    /// Lets nobody reach it. In turn nothing arrives any more, as when a network broke, or connections are reset and
    /// refused, as when the server died.
    synchronized void cutOff() {
        if (!up) {
            return;
        }
        up = false;
        if (outages++ % 2 == 0) {
            proxy.set(LinkFault.BLACK_HOLE);
            proxy.admit(Admission.SILENT);
        } else {
            proxy.admit(Admission.REFUSED);
            proxy.resetAll();
        }
    }

    /// Lets everybody reach it again.
    synchronized void rejoin() {
        up = true;
        proxy.heal();
    }

    @Override
    public void close() {
        try {
            proxy.close();
        } finally {
            server.close();
        }
    }
}
