// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.cli.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Starts `btd` commands that go on when this process has ended: with the same java and class path, in a session of
/// their own, so that a Ctrl-C at the terminal does not reach them, and without the terminal.
///
/// @param java the words up to the command's own
record Launch(List<String> java) {
    private static final String MAIN = "io.btd.cli.Main";
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    /// For a command that needs this much of the Java heap.
    ///
    /// @param heap in bytes
    static Launch withHeap(long heap) {
        List<String> words = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> words.add(setsid.toString()));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-Xmx" + (heap >> 20) + "m", "--enable-native-access=ALL-UNNAMED"));
        Optional.ofNullable(System.getProperty("btd.root")).ifPresent(root -> words.add("-Dbtd.root=" + root));
        Arrays.stream(Optional.ofNullable(System.getenv("BTD_JAVA_OPTS"))
                        .orElse("")
                        .split(" ", -1))
                .filter(word -> !word.isEmpty())
                .forEach(words::add);
        words.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), MAIN));
        return new Launch(List.copyOf(words));
    }

    /// The child runs in another folder.
    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                Arrays.stream(classPath.split(File.pathSeparator, -1))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    /// Starts `btd` with these words. What it is configured with stands in them: variables are not handed on.
    Process start(ClusterFolder.Place place, List<String> words) throws IOException {
        Files.createDirectories(place.folder());
        List<String> command = new ArrayList<>(java);
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(place.folder().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(place.console().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("BTD_"));
        Process process = builder.start();
        // The child writes its own as soon as it can; until then it shall be found, too.
        ProcessId.of(process.pid()).ifPresent(id -> ProcessMark.starting(id).write(place.folder()));
        return process;
    }

    /// What an exit code means, for a message.
    static String meaning(int code) {
        return switch (code) {
            case ExitCode.BAD_INPUT -> code + " (refused)";
            case ExitCode.UNREACHABLE -> code + " (something could not be reached)";
            default -> Integer.toString(code);
        };
    }
}
