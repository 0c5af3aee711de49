// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.api.BtdException.InvalidConfig;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/// The compiled tests of the modules that have some for devices, and what they need to run: all below the folders that
/// the guest sees.
///
/// @param folders of the tests
/// @param classPath everything, the folders included
record TestClasses(List<Path> folders, SequencedSet<String> classPath) {
    private static final List<String> MODULES = List.of("btd-heap", "btd-transport-rdma", "emulator");

    /// Compiles them.
    static TestClasses compile(Rig rig, Progress progress) throws IOException, InterruptedException {
        progress.say("compiling the tests: modules=" + String.join(",", MODULES));
        ProcessBuilder builder = new ProcessBuilder(
                        rig.image().scripts().resolve("compile-tests").toString(), String.join(",", MODULES))
                .directory(rig.project().toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            said.lines().forEach(progress::say);
            throw new InvalidConfig("the tests do not compile: code=" + code, "correct what is said above");
        }
        return of(rig.project());
    }

    private static TestClasses of(Path project) throws IOException {
        SequencedSet<String> classPath = new LinkedHashSet<>();
        List<Path> folders = MODULES.stream()
                .map(module -> project.resolve(module).resolve("target/test-classes"))
                .toList();
        for (String module : MODULES) {
            Path target = project.resolve(module).resolve("target");
            classPath.add(target.resolve("test-classes").toString());
            classPath.add(target.resolve("classes").toString());
            String jars = Files.readString(target.resolve("test-class-path")).strip();
            classPath.addAll(Arrays.asList(jars.split(File.pathSeparator, -1)));
        }
        return new TestClasses(folders, classPath);
    }

    /// What the guest runs.
    ///
    /// @param names of classes, separated by commas, with `*` for anything
    String command(String names) {
        return "sh emulator/vm/tests '%s' '%s' '%s'"
                .formatted(
                        String.join(File.pathSeparator, classPath),
                        folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                        pattern(names));
    }

    private static String pattern(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> name.strip().replace("*", ".*"))
                .collect(Collectors.joining("|", ".*\\b(", ")"));
    }
}
