// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Link;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Two memcached of Debian with everything as delivered: one process listens either on TCP or on a Unix domain
/// socket.
public final class MemcachedServer implements PeerServer {
    private final ChildProcess onTcp;
    private final ChildProcess onUds;
    private final SocketAddress tcp;
    private final SocketAddress uds;

    private MemcachedServer(ChildProcess onTcp, ChildProcess onUds, SocketAddress tcp, SocketAddress uds) {
        this.onTcp = onTcp;
        this.onUds = onUds;
        this.tcp = tcp;
        this.uds = uds;
    }

    /// Starts them.
    ///
    /// @param folder for the socket and the logs; empty
    public static MemcachedServer start(Path executable, Path folder) throws IOException, InterruptedException {
        int port = ChildProcess.freePort();
        Path socket = folder.resolve("memcached.sock");
        ChildProcess onTcp =
                start(executable, folder.resolve("tcp.log"), "-l", "127.0.0.1", "-p", "" + port, "-U", "0");
        MemcachedServer server;
        try {
            ChildProcess onUds = start(executable, folder.resolve("uds.log"), "-s", socket.toString());
            server = new MemcachedServer(onTcp, onUds, ChildProcess.loopback(port), UnixDomainSocketAddress.of(socket));
        } catch (IOException notStarted) {
            onTcp.close();
            throw notStarted;
        }
        try {
            onTcp.awaitListening(server.tcp);
            server.onUds.awaitListening(server.uds);
            return server;
        } catch (IOException | InterruptedException notReached) {
            server.close();
            throw notReached;
        }
    }

    private static ChildProcess start(Path executable, Path log, String... where) throws IOException {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        // It does not run as root without being told to.
        command.addAll(List.of("-u", System.getProperty("user.name")));
        command.addAll(List.of(where));
        return ChildProcess.start(command, log);
    }

    @Override
    public SocketAddress address(Link link) {
        return link == Link.TCP ? tcp : uds;
    }

    @Override
    public long cpuNanos(Link link) {
        return (link == Link.TCP ? onTcp : onUds).cpuNanos();
    }

    @Override
    public void close() {
        onTcp.close();
        onUds.close();
    }
}
