// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.api.BtdException.Deadline;
import io.btd.api.BtdException.Unreachable;
import io.btd.emulator.net.process.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// A virtual machine that runs. Its standard output and error are its command's. Used by one thread.
final class Guest {
    private static final int POLL_MILLIS = 50;
    private static final int PIPE_BYTES = 1 << 13;
    private static final String EXIT = "exit ";

    private final String name;
    private final Process process;
    private final Path folder;
    private final List<Thread> pipes;

    private Guest(String name, Process process, Path folder, List<Thread> pipes) {
        this.name = name;
        this.process = process;
        this.folder = folder;
        this.pipes = pipes;
    }

    /// Starts one whose command speaks to `out` and `err`.
    ///
    /// @param folder where it writes `console` and `state`
    static Guest start(
            String name, List<String> line, Path folder, OutputStream out, OutputStream err, Watchdog watchdog) {
        Process process = start(
                new ProcessBuilder(line)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile())),
                watchdog);
        List<Thread> pipes = List.of(pipe(process.getInputStream(), out), pipe(process.getErrorStream(), err));
        return new Guest(name, process, folder, pipes);
    }

    /// Starts one on this process's terminal.
    static Guest startOnTerminal(List<String> line, Path folder, Watchdog watchdog) {
        return new Guest("1", start(new ProcessBuilder(line).inheritIO(), watchdog), folder, List.of());
    }

    private static Process start(ProcessBuilder builder, Watchdog watchdog) {
        try {
            Process process = builder.start();
            watchdog.add(process.pid());
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start: program=" + builder.command().getFirst(), e);
        }
    }

    private static Thread pipe(InputStream from, OutputStream to) {
        return Thread.ofVirtual().start(() -> {
            byte[] bytes = new byte[PIPE_BYTES];
            try (from) {
                for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                    to.write(bytes, 0, count);
                    to.flush();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Waits until its command begins.
    void awaitUp(long endNanos) throws InterruptedException {
        await("did not boot", endNanos, () -> !lines().isEmpty());
    }

    /// Waits until its command has ended, and it has powered off.
    ///
    /// @return the command's exit code
    int awaitExit(long endNanos) throws InterruptedException {
        await("did not end", endNanos, () -> !process.isAlive());
        for (Thread pipe : pipes) {
            pipe.join();
        }
        return exitCode().orElseThrow(this::endedEarly);
    }

    /// Waits for as long as it runs.
    OptionalInt awaitExit() throws InterruptedException {
        process.waitFor();
        return exitCode();
    }

    /// Waits for a while.
    ///
    /// @return whether it has powered off
    boolean endsWithin(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String what, long endNanos, Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            if (!process.isAlive()) {
                if (condition.holds()) {
                    return;
                }
                throw endedEarly();
            }
            if (System.nanoTime() - endNanos > 0) {
                throw new Deadline(
                        0,
                        "the guest " + what + " in time: guest=" + name + consoleEnd(),
                        "give it a longer --deadline");
            }
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// Kills it, if it still runs.
    void kill(Watchdog watchdog) throws InterruptedException {
        process.destroyForcibly().waitFor();
        watchdog.remove(process.pid());
    }

    private Unreachable endedEarly() {
        return new Unreachable(
                "the guest ended without a result: guest=" + name + consoleEnd(),
                "what it says last is the reason; btd rig shell looks around in one");
    }

    private String consoleEnd() {
        List<String> said = read(folder.resolve("console")).stream()
                .filter(line -> !line.isBlank() && !line.contains("reboot: Power down"))
                .toList();
        return said.isEmpty() ? "" : ", console=" + said.getLast().strip();
    }

    private OptionalInt exitCode() {
        Optional<String> last =
                lines().stream().filter(line -> line.startsWith(EXIT)).findFirst();
        return last.map(line -> OptionalInt.of(Integer.parseInt(line.substring(EXIT.length()))))
                .orElseGet(OptionalInt::empty);
    }

    /// What it says of itself: whole lines.
    private List<String> lines() {
        return read(folder.resolve("state"));
    }

    private static List<String> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            List<String> lines = new ArrayList<>(List.of(text.split("\r?\n", -1)));
            lines.removeLast();
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
