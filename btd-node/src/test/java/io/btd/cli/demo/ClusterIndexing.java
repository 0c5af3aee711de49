// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `btd demo index --ack --dir DIR` in a process of its own, which says which files it has indexed.
final class ClusterIndexing implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Path errors;
    private int acknowledged;

    ClusterIndexing(String dir, Path tree, Path errors) throws IOException {
        this.errors = errors;
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.btd.cli.Main",
                "--dir",
                dir,
                "demo",
                "index",
                "--ack",
                tree.toString()));
        process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        output = process.inputReader(StandardCharsets.ISO_8859_1);
    }

    /// Waits until so many files are indexed.
    ///
    /// @return whether they are; not if the process has ended before
    boolean await(int files) throws IOException {
        while (acknowledged < files) {
            String line = output.readLine();
            if (line == null) {
                return false;
            }
            acknowledged += line.startsWith("indexed ") ? 1 : 0;
        }
        return true;
    }

    /// Waits for the end.
    ///
    /// @return the exit status
    int end() throws IOException, InterruptedException {
        await(Integer.MAX_VALUE);
        return process.waitFor();
    }

    int acknowledged() {
        return acknowledged;
    }

    String complaints() throws IOException {
        return Files.readString(errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
