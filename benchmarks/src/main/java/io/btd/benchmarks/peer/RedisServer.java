// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Link;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// A redis-server of Debian with everything as delivered, except that it writes no snapshots.
public final class RedisServer implements PeerServer {
    private final ChildProcess process;
    private final SocketAddress tcp;
    private final SocketAddress uds;

    private RedisServer(ChildProcess process, SocketAddress tcp, SocketAddress uds) {
        this.process = process;
        this.tcp = tcp;
        this.uds = uds;
    }

    /// Starts one.
    ///
    /// @param folder for its files and its socket; empty
    /// @param always whether every SET is in the append-only file, and that synchronized, before the reply;
    ///     otherwise nothing is written
    public static RedisServer start(Path executable, Path folder, boolean always)
            throws IOException, InterruptedException {
        int port = ChildProcess.freePort();
        Path socket = folder.resolve("redis.sock");
        ChildProcess process = ChildProcess.start(
                List.of(
                        executable.toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--unixsocket",
                        socket.toString(),
                        "--dir",
                        folder.toString(),
                        "--daemonize",
                        "no",
                        "--save",
                        "",
                        "--appendonly",
                        always ? "yes" : "no",
                        "--appendfsync",
                        "always"),
                folder.resolve("log"));
        RedisServer server = new RedisServer(process, ChildProcess.loopback(port), UnixDomainSocketAddress.of(socket));
        try {
            process.awaitListening(server.tcp);
            process.awaitListening(server.uds);
            return server;
        } catch (IOException | InterruptedException notReached) {
            server.close();
            throw notReached;
        }
    }

    @Override
    public SocketAddress address(Link link) {
        return link == Link.TCP ? tcp : uds;
    }

    @Override
    public long cpuNanos(Link link) {
        return process.cpuNanos();
    }

    @Override
    public void close() {
        process.close();
    }
}
