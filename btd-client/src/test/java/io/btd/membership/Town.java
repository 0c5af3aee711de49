// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdConfig;
import io.btd.api.RemoteConfig;
import io.btd.api.transport.Endpoint;
import io.btd.membership.server.ZooKeeperServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/// A ZooKeeper server and what tests do to it behind btd's back.
@SuppressWarnings("try") // closing a handle may be interrupted; no test interrupts
final class Town implements AutoCloseable {
    private static final int SESSION_MILLIS = 8_000;

    private final Path folder;
    private ZooKeeperServer server;
    private final int port;

    Town(Path folder) {
        this.folder = folder;
        server = ZooKeeperServer.start(folder, 0);
        port = server.port();
    }

    RemoteConfig config() {
        return BtdConfig.cluster("127.0.0.1:" + port).withDeadline(Duration.ofSeconds(30));
    }

    /// The same with a deadline that a test waits for; it is also the time in which it has to connect.
    RemoteConfig hurried() {
        return config().withDeadline(Duration.ofSeconds(3));
    }

    static Member member(int node, UUID arena, long incarnation) {
        return new Member(
                node,
                arena,
                Host.here(),
                ProcessHandle.current().pid(),
                List.of(new Endpoint("tcp", "127.0.0.1:" + (7000 + node)), new Endpoint("uds", "/tmp/a b%20c.sock")),
                incarnation,
                64L << 20,
                60L << 20,
                true);
    }

    void stop() {
        server.close();
    }

    void startAgain() {
        server = ZooKeeperServer.start(folder, port);
    }

    /// Ends the session of somebody else, as ZooKeeper does when it hears nothing: a second handle on it is closed.
    void expire(Ensemble ensemble) throws Exception {
        ZooKeeper theirs = ensemble.curator().getZookeeperClient().getZooKeeper();
        CountDownLatch there = new CountDownLatch(1);
        try (ZooKeeper second = new ZooKeeper(
                "127.0.0.1:" + port,
                SESSION_MILLIS,
                event -> countConnected(event, there),
                theirs.getSessionId(),
                theirs.getSessionPasswd())) {
            there.await();
        }
    }

    /// Runs `change` with a handle of its own.
    <T> T behindTheBack(Change<T> change) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        try (ZooKeeper handle =
                new ZooKeeper("127.0.0.1:" + port, SESSION_MILLIS, event -> countConnected(event, there))) {
            there.await();
            return change.on(handle);
        }
    }

    /// A handle tells its watcher also of attempts that failed.
    private static void countConnected(WatchedEvent event, CountDownLatch there) {
        if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
            there.countDown();
        }
    }

    /// What is done with a handle.
    interface Change<T> {
        T on(ZooKeeper handle) throws Exception;
    }

    String read(String path) throws Exception {
        return behindTheBack(handle -> new String(handle.getData(path, false, null), StandardCharsets.UTF_8));
    }

    void create(String path, String text) throws Exception {
        behindTheBack(handle -> handle.create(
                path, text.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    @Override
    public void close() {
        server.close();
    }
}
