// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Another JVM that runs a main class of the tests, with its input and output in pipes. Killed when it is closed.
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    /// Runs `main` with `arguments` behind the words of `prefix`.
    ChildProcess(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java(main));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /// The words that run a main class.
    static List<String> java(Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName());
    }

    long pid() {
        return process.pid();
    }

    /// Writes a line to the child's input. One thread at a time.
    void tell(String line) throws IOException {
        input.write(line);
        input.write('\n');
        input.flush();
    }

    /// Ends the child's input.
    void endInput() throws IOException {
        input.close();
    }

    /// The next line the child prints, null at its end.
    String line() throws IOException {
        return output.readLine();
    }

    /// Everything the child still prints, when it has ended.
    String rest() throws InterruptedException {
        String all = output.lines().collect(Collectors.joining("\n"));
        process.waitFor();
        return all;
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /// SIGKILL; returns when the process is gone.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
