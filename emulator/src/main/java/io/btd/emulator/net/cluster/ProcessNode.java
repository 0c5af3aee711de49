// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.emulator.net.process.ChildProcess;
import io.btd.emulator.net.process.Watchdog;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A `btd node` that is a process of its own: killed and stopped by signals, started again on its folder. Thread-safe.
final class ProcessNode {
    private static final Pattern READY = Pattern.compile("(?m)^node ([0-9]+) ready: ");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// Starts fast and stays small: a node lives for seconds here.
    private static final List<String> JAVA = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx96m",
            "--enable-native-access=ALL-UNNAMED");

    private final Path folder;
    private final List<String> command;
    private final Watchdog watchdog;
    private @Nullable ChildProcess process;
    private int id;

    /// @param folder of its own
    /// @param options of `btd node`, without its folder
    /// @param watchdog that ends it when all else fails
    ProcessNode(Path folder, List<String> options, Watchdog watchdog) {
        this.folder = folder;
        this.watchdog = watchdog;
        command = command(folder, options);
    }

    private static List<String> command(Path folder, List<String> options) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(JAVA);
        words.addAll(List.of("-cp", classPath(), "io.btd.cli.Main", "node", "--dir", folder.toString()));
        words.addAll(options);
        return List.copyOf(words);
    }

    /// This process's own; the node runs in another folder.
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// Starts it on its data, and returns when it serves; nothing if it runs.
    ///
    /// @throws IllegalStateException with what it printed, when it does not start, or had ended by itself
    synchronized void start() {
        requireNoEndOfItsOwn();
        if (process != null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make: folder=" + folder, e);
        }
        ChildProcess started = ChildProcess.start(command, folder.resolve("console"), READY, PATIENCE, watchdog);
        process = started;
        id = Integer.parseInt(started.ready().group(1));
    }

    /// A node that dies though nobody killed it would otherwise look like one that had been killed.
    private void requireNoEndOfItsOwn() {
        if (process != null && !process.isAlive()) {
            throw new IllegalStateException(
                    "a node ended by itself: node=" + id + ", folder=" + folder + ", output=" + process.output());
        }
    }

    /// What it called itself when it was ready; 0 before.
    synchronized int id() {
        return id;
    }

    /// The process, or 0 while it is dead.
    synchronized long pid() {
        return process == null ? 0 : process.pid();
    }

    /// Kills it (SIGKILL), and waits until it is gone; nothing if it is dead.
    synchronized void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    /// Stops it (SIGSTOP); nothing if it is dead.
    synchronized void freeze() {
        if (process != null) {
            process.stop();
        }
    }

    /// Lets it go on (SIGCONT); nothing if it is dead.
    synchronized void thaw() {
        if (process != null) {
            process.resume();
        }
    }
}
