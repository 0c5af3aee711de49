// SPDX-License-Identifier: Apache-2.0
package io.btd.membership.server;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/// A standalone ZooKeeper server in this process, for development and tests: on loopback, everything in one
/// folder, every change synchronised to the disk as in production. There is no admin server, and of the
/// four-letter words it answers `srvr` only. Thread-safe.
public final class ZooKeeperServer implements AutoCloseable {
    /// ZooKeeper's unit of time in milliseconds; sessions live 2 to 20 of them.
    static final int TICK_MILLIS = 500;

    private static final int CONNECTIONS_PER_HOST = 0; // any number
    private static final int SNAPSHOTS_KEPT = 3;
    private static final int HOURS_BETWEEN_PURGES = 1;

    private final FolderLock lock;
    private final FileTxnSnapLog data;
    private final ServerCnxnFactory connections;
    private final DatadirCleanupManager purge;
    private boolean closed;

    private ZooKeeperServer(
            FolderLock lock, FileTxnSnapLog data, ServerCnxnFactory connections, DatadirCleanupManager purge) {
        this.lock = lock;
        this.data = data;
        this.connections = connections;
        this.purge = purge;
    }

    /// Starts a server on the data in `folder`, which is made when it is absent.
    ///
    /// @param port 0 for a free one
    /// @throws InvalidConfig when the folder is in use or not ZooKeeper's, or the port is taken
    public static ZooKeeperServer start(Path folder, int port) {
        FolderLock lock = FolderLock.take(folder, "lock");
        try {
            return start(lock, folder, port);
        } catch (BindException taken) {
            lock.close();
            throw new InvalidConfig("port is taken: port=" + port, "give another one, or 0 for a free one");
        } catch (IOException unusable) {
            lock.close();
            throw new InvalidConfig(
                    "cannot run ZooKeeper: folder=" + folder + ", port=" + port + ", reason=" + unusable.getMessage(),
                    "see its log");
        } catch (InterruptedException interrupted) {
            lock.close();
            Thread.currentThread().interrupt();
            throw new InvalidConfig("cannot run ZooKeeper: interrupted, folder=" + folder, "start it again");
        } catch (RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    private static ZooKeeperServer start(FolderLock lock, Path folder, int port)
            throws IOException, InterruptedException {
        FileTxnSnapLog data = new FileTxnSnapLog(
                folder.resolve("log").toFile(), folder.resolve("data").toFile());
        ServerCnxnFactory connections = new NIOServerCnxnFactory();
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            connections.configure(new InetSocketAddress(loopback, port), CONNECTIONS_PER_HOST);
            connections.startup(new org.apache.zookeeper.server.ZooKeeperServer(data, TICK_MILLIS, ""));
        } catch (IOException | InterruptedException | RuntimeException failed) {
            connections.shutdown();
            data.close();
            throw failed;
        }
        DatadirCleanupManager purge = new DatadirCleanupManager(
                folder.resolve("data").toFile(), folder.resolve("log").toFile(), SNAPSHOTS_KEPT, HOURS_BETWEEN_PURGES);
        purge.start();
        return new ZooKeeperServer(lock, data, connections, purge);
    }

    /// Where it listens.
    public int port() {
        return connections.getLocalPort();
    }

    /// What clients are given to connect.
    public String connectString() {
        return "127.0.0.1:" + port();
    }

    /// Ends all connections and closes the data. What was announced stays until the sessions have ended, also
    /// beyond a start on the same data.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        purge.shutdown();
        connections.shutdown();
        try {
            data.close();
        } catch (IOException unclosable) {
            throw new java.io.UncheckedIOException(unclosable);
        } finally {
            lock.close();
        }
    }
}
