// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A checkout in miniature around the real launcher, with a Maven and a JDK that only say how they were
/// called, and a PATH that holds nothing else but the tools the launcher may use.
final class LauncherFixture {
    private static final List<String> TOOLS =
            List.of("awk basename cat comm cut date dirname find grep ln ls mkdir mv od paste printf readlink rm sed sh"
                    .concat(" sha256sum sleep sort tail touch tr wc")
                    .split(" "));
    private static final long DEADLINE_SECONDS = 60;

    /// What a run printed and returned.
    record Run(int code, String out, String err) {}

    final Path folder;
    final Path root;
    final Path bin;

    LauncherFixture(Path folder) throws IOException {
        this.folder = folder;
        root = Files.createDirectories(folder.resolve("a check out"));
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            link(tool);
        }
        script(root.resolve("btd"), launcher());
        for (String module : List.of("benchmarks", "core")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "<project/>");
        }
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(source("A.java"), "class A {}");
        maven("");
        jdk(folder.resolve("jvm/old"), "17.0.9");
    }

    /// The launcher of this checkout, looking for JDKs below our folder instead of the system's.
    private String launcher() throws IOException {
        Path real = Path.of(System.getProperty("btd.root", ".."), "btd");
        String text = Files.readString(real);
        for (String place : List.of("/usr/lib/jvm/", "/opt/", "/Library/")) {
            text = text.replace(
                    " " + place, " \"" + folder + "\"" + (place.equals("/usr/lib/jvm/") ? "/jvm/" : "/none/"));
        }
        return text;
    }

    void link(String tool) throws IOException {
        for (String place : List.of("/usr/bin", "/bin")) {
            Path real = Path.of(place, tool);
            if (Files.exists(real)) {
                Files.createSymbolicLink(bin.resolve(tool), real);
                return;
            }
        }
    }

    Path source(String name) {
        return root.resolve("core/src/main").resolve(name);
    }

    /// A Maven that notes its arguments, does `body`, and leaves what a build leaves.
    void maven(String body) throws IOException {
        script(bin.resolve("mvn"), """
                #!/bin/sh
                printf '%%s|%%s|%%s\\n' "$JAVA_HOME" "$LC_ALL" "$*" >>'%1$s/mvn.calls'
                echo '[INFO] Building core 1.0                     [1/2]'
                mkdir -p benchmarks/target/lib core/target/classes
                %2$s
                """.formatted(folder, body));
    }

    /// A JDK whose java notes its arguments.
    Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "#!/bin/sh\nprintf 'java <%s>\\n' \"$@\"\n");
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    List<String> mavenCalls() throws IOException {
        Path calls = folder.resolve("mvn.calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    Run run(String... arguments) throws IOException, InterruptedException {
        return end(start(Map.of(), root, root.resolve("btd"), arguments), 0);
    }

    Run run(Map<String, String> variables, Path from, Path script, String... arguments)
            throws IOException, InterruptedException {
        return end(start(variables, from, script, arguments), 0);
    }

    private int started;

    /// Starts the launcher; its output goes to numbered files in our folder.
    Process start(Map<String, String> variables, Path from, Path script, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(script.toString()).directory(from.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", bin.toString(), "HOME", folder.toString()));
        builder.environment().putAll(variables);
        builder.redirectOutput(folder.resolve("out." + started).toFile());
        builder.redirectError(folder.resolve("err." + started).toFile());
        started++;
        return builder.start();
    }

    /// Waits for the `back`-th process before the last one that was started.
    Run end(Process process, int back) throws IOException, InterruptedException {
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end");
        }
        return new Run(process.exitValue(), printed("out", back), printed("err", back));
    }

    String printed(String stream, int back) throws IOException {
        return Files.readString(folder.resolve(stream + "." + (started - 1 - back)), StandardCharsets.UTF_8);
    }

    private static void script(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
