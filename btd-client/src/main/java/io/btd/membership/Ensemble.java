// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.Unreachable;
import io.btd.api.RemoteConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.ConnectStringParser;

/// A connection to ZooKeeper whose calls end within a deadline. Thread-safe.
final class Ensemble implements AutoCloseable {
    /// How long ZooKeeper keeps what a dead process announced, at most (it has bounds of its own).
    static final Duration SESSION = Duration.ofSeconds(8);

    private static final int CONNECT_MILLIS = 3_000;
    private static final int FIRST_PAUSE_MILLIS = 20;
    private static final int LONGEST_PAUSE_MILLIS = 1_000;
    private static final int RETRIES = 16;

    private final RemoteConfig config;
    private final CuratorFramework curator;

    private Ensemble(RemoteConfig config, CuratorFramework curator) {
        this.config = config;
        this.curator = curator;
    }

    /// Connects.
    ///
    /// @throws Unreachable when no server answers within the deadline of `config`
    /// @throws InvalidConfig when the servers are written in a way that ZooKeeper does not take
    static Ensemble connect(RemoteConfig config) {
        checkAddresses(config);
        CuratorFramework curator = CuratorFrameworkFactory.builder()
                .connectString(config.zooKeeper())
                // What was named is what is used: the servers may know each other by other addresses.
                .ensembleTracker(false)
                .sessionTimeoutMs(Math.toIntExact(SESSION.toMillis()))
                .connectionTimeoutMs(CONNECT_MILLIS)
                .retryPolicy(new BoundedExponentialBackoffRetry(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS, RETRIES))
                .build();
        Ensemble ensemble = new Ensemble(config, curator);
        try {
            curator.start();
            if (!curator.blockUntilConnected(Math.toIntExact(config.deadline().toMillis()), TimeUnit.MILLISECONDS)) {
                throw ensemble.unreachable("connect");
            }
            return ensemble;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            curator.close();
            throw ensemble.unreachable("connect, interrupted");
        } catch (RuntimeException failed) {
            curator.close();
            throw failed;
        }
    }

    private static void checkAddresses(RemoteConfig config) {
        try {
            new ConnectStringParser(config.zooKeeper());
        } catch (IllegalArgumentException refused) {
            throw new InvalidConfig(
                    "not addresses of ZooKeeper: zookeeper=" + config.zooKeeper() + ", reason=" + refused.getMessage(),
                    "write host:port,host:port");
        }
    }

    CuratorFramework curator() {
        return curator;
    }

    RemoteConfig config() {
        return config;
    }

    boolean connected() {
        return curator.getState() == CuratorFrameworkState.STARTED
                && curator.getZookeeperClient().isConnected();
    }

    /// Runs `listener` whenever the connection comes or goes, on ZooKeeper's own thread: it must not call.
    void onState(Consumer<ConnectionState> listener) {
        curator.getConnectionStateListenable().addListener((_, state) -> listener.accept(state));
    }

    /// The ZooKeeper session, which owns ephemeral entries.
    long session() throws Exception {
        return curator.getZookeeperClient().getZooKeeper().getSessionId();
    }

    /// Calls ZooKeeper. An `action` that was under way when the deadline passed may still take effect.
    ///
    /// @throws Unreachable when there is no answer within the deadline
    /// @throws InvalidConfig when ZooKeeper refuses
    <T> T call(String what, Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread.ofVirtual().name("btd-zookeeper-call").start(task);
        try {
            return task.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            throw unreachable(what);
        } catch (InterruptedException interrupted) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable(what + ", interrupted");
        } catch (ExecutionException failed) {
            throw translate(what, Objects.requireNonNull(failed.getCause()));
        }
    }

    private RuntimeException translate(String what, Throwable cause) {
        return switch (cause) {
            case BtdException typed -> typed;
            case KeeperException.ConnectionLossException _ -> unreachable(what);
            case KeeperException.SessionExpiredException _ -> unreachable(what);
            case KeeperException.OperationTimeoutException _ -> unreachable(what);
            case KeeperException refused ->
                new InvalidConfig(
                        "ZooKeeper refused: during=" + what + ", path=" + refused.getPath() + ", code="
                                + refused.code(),
                        "see who may change the entries of the namespace");
            case IllegalStateException _
            when curator.getState() != CuratorFrameworkState.STARTED ->
                new BtdException.Closed("the connection to ZooKeeper is closed: during=" + what);
            case RuntimeException wrong -> wrong;
            default -> unreachable(what + ", " + cause);
        };
    }

    /// Nobody answers.
    Unreachable unreachable(String what) {
        return new Unreachable(
                "ZooKeeper cannot be reached: servers=" + config.zooKeeper() + ", during=" + what + ", deadline="
                        + config.deadline().toMillis() + " ms",
                "start it, or correct the address");
    }

    /// Makes the tree of a new cluster.
    ///
    /// @throws InvalidConfig when there is one in another format
    void makeTree(Tree tree) throws Exception {
        createIfAbsent(tree.format(), Tree.FORMAT);
        checkFormat(tree);
        for (String path : new String[] {tree.nodes(), tree.live(), tree.leader(), tree.roots()}) {
            createIfAbsent(path, "");
        }
    }

    /// Refuses a cluster in another format; one that is not there yet is in ours.
    void checkFormat(Tree tree) throws Exception {
        String format;
        try {
            format = new String(curator.getData().forPath(tree.format()), StandardCharsets.UTF_8).strip();
        } catch (KeeperException.NoNodeException newCluster) {
            return;
        }
        if (!format.equals(Tree.FORMAT)) {
            throw new InvalidConfig(
                    "the cluster is of another format: path=" + tree.format() + ", format="
                            + format.substring(0, Math.min(format.length(), 16)) + ", known=" + Tree.FORMAT,
                    "use the release of btd that made it, or another namespace");
        }
    }

    private void createIfAbsent(String path, String text) throws Exception {
        if (curator.checkExists().forPath(path) != null) {
            return;
        }
        try {
            curator.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.PERSISTENT)
                    .forPath(path, text.getBytes(StandardCharsets.UTF_8));
        } catch (KeeperException.NodeExistsException madeMeanwhile) {
            // as wanted
        }
    }

    @Override
    public void close() {
        curator.close();
    }
}
