// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Link;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The echoes, in a process of their own ([EchoProcess]), as the other servers are. Thread-safe.
public final class EchoServers implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Process process;
    private final Path folder;
    private final int socketPort;
    private final int nettyPort;

    private EchoServers(Process process, Path folder, int socketPort, int nettyPort) {
        this.process = process;
        this.folder = folder;
        this.socketPort = socketPort;
        this.nettyPort = nettyPort;
    }

    /// Starts the process.
    ///
    /// @param folder for its sockets and its log; empty
    public static EchoServers start(Path folder) throws IOException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoProcess.class.getName(),
                        folder.toString()))
                .redirectError(log.toFile())
                .start();
        try {
            // Not closed: it is the process's pipe.
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            return new EchoServers(process, folder, port(out, log), port(out, log));
        } catch (IOException notStarted) {
            process.destroyForcibly();
            throw notStarted;
        }
    }

    private static int port(BufferedReader out, Path log) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(EchoProcess.PORT)) {
            line = out.readLine(); // a library has something to say
        }
        if (line == null) {
            throw new IOException("the process of the echoes ended: log=" + log + "; see there");
        }
        return Integer.parseInt(line.substring(EchoProcess.PORT.length()));
    }

    /// Where blocking sockets answer.
    public SocketAddress socket(Link link) {
        return link == Link.TCP
                ? ChildProcess.loopback(socketPort)
                : UnixDomainSocketAddress.of(folder.resolve(EchoProcess.SOCKET));
    }

    /// Where Netty answers.
    public SocketAddress netty(Link link) {
        return link == Link.TCP
                ? ChildProcess.loopback(nettyPort)
                : new DomainSocketAddress(folder.resolve(EchoProcess.NETTY).toFile());
    }

    /// CPU time used so far, in nanoseconds.
    public long cpuNanos() {
        return ChildProcess.cpuNanos(process.toHandle());
    }

    /// Ends it, and waits for that.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // it has ended
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
