// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Processes of their own, without the hooks and settings of this one.
final class ChildJvm {
    private static final long DEADLINE_SECONDS = 400;

    private ChildJvm() {}

    /// What the documentation's programs see.
    static String classPath() {
        return System.getProperty("java.class.path");
    }

    /// How java is started, up to the class path.
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dbtd.root=" + Page.root());
    }

    /// What a process printed, both streams together, in UTF-8, and how it ended.
    record Result(int code, String output) {}

    /// Ends what commands that ran in a folder have left running: they and their children have it as `HOME`.
    ///
    /// @return what they were
    static List<String> endAllOf(Path folder) {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> isOf(folder, process))
                .toList();
        List<String> names = left.stream()
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse("?"))
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        left.forEach(process -> process.onExit().join());
        return names;
    }

    private static boolean isOf(Path folder, ProcessHandle process) {
        try {
            String environment = Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0")).contains("HOME=" + folder);
        } catch (IOException notOurs) {
            return false;
        }
    }

    /// Runs a command in a folder.
    static Result run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("btd-docs-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("BTD_") || name.startsWith("JAVA_TOOL"));
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().put("HOME", folder.toString());
            builder.environment().remove("XDG_CONFIG_HOME");
            Process process = builder.start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("no end: command=" + command + ", output=" + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
