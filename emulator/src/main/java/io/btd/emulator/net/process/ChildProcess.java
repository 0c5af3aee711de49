// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A process of a cluster under test, which says when it is ready. Its output is kept in a file. Thread-safe.
public final class ChildProcess {
    private static final long POLL_MILLIS = 10;

    private final Process process;
    private final Watchdog watchdog;
    private final Path output;
    private final MatchResult ready;

    private ChildProcess(Process process, Watchdog watchdog, Path output, MatchResult ready) {
        this.process = process;
        this.watchdog = watchdog;
        this.output = output;
        this.ready = ready;
    }

    /// Starts a command in the folder of `output` and waits until it has printed what `ready` finds.
    ///
    /// @param output file that takes what it prints, both streams; made anew
    /// @throws IllegalStateException with its output, when it ends before or takes longer than `patience`
    public static ChildProcess start(
            List<String> command, Path output, Pattern ready, Duration patience, Watchdog watchdog) {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(output.toAbsolutePath().resolveSibling("").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("BTD_") || name.startsWith("JAVA_TOOL"));
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start: command=" + command, e);
        }
        watchdog.add(process.pid());
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            boolean ended = waitFor(process, POLL_MILLIS);
            var matcher = ready.matcher(read(output));
            if (matcher.find()) {
                return new ChildProcess(process, watchdog, output, matcher.toMatchResult());
            }
            if (ended || System.nanoTime() - end > 0) {
                end(process, watchdog);
                throw new IllegalStateException(
                        "%s: command=%s, output=%s".formatted(ended ? "ended" : "not ready", command, read(output)));
            }
        }
    }

    /// What `ready` found in the output.
    public MatchResult ready() {
        return ready;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.toHandle().isAlive();
    }

    /// What it printed so far.
    public String output() {
        return read(output);
    }

    /// Kills it (SIGKILL), also where it is stopped, and waits until it is gone.
    public void kill() {
        end(process, watchdog);
    }

    /// Stops it (SIGSTOP), and waits until it stands still.
    public void stop() {
        signal("STOP");
        while (process.isAlive() && !isStopped()) {
            waitFor(process, 1);
        }
    }

    /// Lets it go on (SIGCONT).
    public void resume() {
        signal("CONT");
    }

    /// Asks it to end (SIGTERM), and waits.
    ///
    /// @return its exit code
    public int terminate() {
        process.destroy();
        try {
            int code = process.waitFor();
            watchdog.remove(process.pid());
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /// Whether every thread of it is stopped, as the system sees it.
    public boolean isStopped() {
        String stat = read(Path.of("/proc/" + process.pid() + "/stat"));
        int afterName = stat.lastIndexOf(')') + 2;
        return afterName < stat.length() && stat.charAt(afterName) == 'T';
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot signal: pid=" + process.pid() + ", signal=" + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Process process, Watchdog watchdog) {
        process.destroyForcibly();
        while (!waitFor(process, TimeUnit.SECONDS.toMillis(1))) {
            // SIGKILL cannot be refused; the system takes its time.
        }
        watchdog.remove(process.pid());
    }

    private static boolean waitFor(Process process, long millis) {
        boolean interrupted = Thread.interrupted();
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return !process.isAlive();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notThere) {
            return "";
        }
    }
}
