// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server that runs no longer than this process: a shell stands between the two, whose standard input ends when
/// this process ends, however that comes about, and which kills the server then. Thread-safe.
public final class ChildProcess implements AutoCloseable {
    private static final String GUARD =
            "trap '' INT TERM HUP; log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & child=$!;"
                    + " echo $child; read -r _; kill -9 $child 2>/dev/null; wait $child 2>/dev/null";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 10;
    private static final int TAIL_LINES = 5;

    private final Process guard;
    private final ProcessHandle child;
    private final Path log;

    private ChildProcess(Process guard, ProcessHandle child, Path log) {
        this.guard = guard;
        this.child = child;
        this.log = log;
    }

    /// Starts `command`, whose output goes to the end of `log`.
    public static ChildProcess start(List<String> command, Path log) throws IOException {
        List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sh", log.toString()));
        guarded.addAll(command);
        Process guard = new ProcessBuilder(guarded).start();
        // Not closed: the shell's end would come with it.
        BufferedReader out = new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
        String pid = out.readLine();
        if (pid == null) {
            guard.destroyForcibly();
            throw new IOException("process not started: command=" + command.getFirst() + "; try it by hand");
        }
        Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(pid.strip()));
        if (child.isEmpty()) {
            guard.destroyForcibly();
            throw new IOException(
                    "process ended at once: command=" + command.getFirst() + ", log=" + tail(log) + "; try it by hand");
        }
        return new ChildProcess(guard, child.get(), log);
    }

    /// A port of the loopback interface that nobody has at the moment.
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// The loopback address with this port.
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// Waits until somebody listens at `address`.
    ///
    /// @throws IOException when the server ended, or does not listen within 10 s
    public void awaitListening(SocketAddress address) throws IOException, InterruptedException {
        long since = System.nanoTime();
        IOException refusal = tryConnect(address);
        while (refusal != null) {
            if (System.nanoTime() - since > PATIENCE.toNanos() || !child.isAlive()) {
                throw new IOException(
                        "server not reached: pid=" + child.pid() + ", alive=" + child.isAlive() + ", address=" + address
                                + ", log=" + tail(log) + "; try it by hand",
                        refusal);
            }
            Thread.sleep(POLL_MILLIS);
            refusal = tryConnect(address);
        }
    }

    private static @Nullable IOException tryConnect(SocketAddress address) {
        try {
            ByteLink.connect(address).close();
            return null;
        } catch (IOException refused) {
            return refused;
        }
    }

    /// CPU time it has used so far, in nanoseconds; 0 once it has ended.
    public long cpuNanos() {
        return cpuNanos(child);
    }

    static long cpuNanos(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /// Of the server.
    public long pid() {
        return child.pid();
    }

    private static String tail(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /// Kills the server and waits for its end.
    @Override
    public void close() {
        try {
            guard.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // the shell has ended, and the server with it
        }
        try {
            if (!guard.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                child.destroyForcibly();
                guard.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            child.destroyForcibly();
            guard.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
