// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The commands of one page, run by one shell in one folder.
final class ConsoleBlocks {

    /// Commands that are shown and not run here, by how they begin, and the test that runs each. Benchmarks
    /// have none: what they print differs from machine to machine. Of the rig
    /// only the command line is tested: a guest has to be installed.
    private static final Map<String, String> RUN_ELSEWHERE = Map.of(
            "./btd quickstart", "DocsTest.theQuickStartEndsWell",
            "./btd test", "LauncherTest.testPassesItsOptionsOnAndEndsWithSurefiresLines",
            "./btd explore", "ExplorerCrashTest",
            "./btd faults", "ClusterFaultTest",
            "./btd rig", "RigCommandTest",
            "./btd bench", "");

    private static final String MARK = "@@docs@@";

    private final Page page;
    private final Path folder;

    ConsoleBlocks(Page page, Path folder) {
        this.page = page;
        this.folder = folder;
    }

    private record Command(int line, String text, List<String> shown) {}

    /// Runs them, and compares what they print with what the page shows.
    void check() throws IOException, InterruptedException {
        List<Command> commands = commands();
        if (commands.isEmpty()) {
            return;
        }
        writeLauncher();
        StringBuilder script = new StringBuilder();
        for (Command command : commands) {
            // A command sees the exit code of the one before it.
            script.append(command.text().replace("/dev/shm/", folder + "/"))
                    .append("\ndocs_code=$?; printf '%s\\n' '" + MARK + "'; (exit $docs_code)\n");
        }
        script.append("exit 0\n");
        Path file = Files.writeString(folder.resolve(".script"), script);
        ChildJvm.Result result = ChildJvm.run(folder, List.of("sh", file.toString()));

        String[] outputs = result.output().replace(folder + "/", "/dev/shm/").split(MARK + "\n", -1);
        assertThat(outputs).as("%s: %s", page, result.output()).hasSize(commands.size() + 1);
        Expected expected = new Expected();
        for (int i = 0; i < commands.size(); i++) {
            Command command = commands.get(i);
            List<String> actual = outputs[i].lines().toList();
            assertThat(expected.matches(command.shown(), actual))
                    .as("%s:%d: %s%nprints%n%s", page, command.line(), command.text(), outputs[i])
                    .isTrue();
        }
    }

    private List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        for (Page.Block block : page.blocks("console")) {
            for (int i = 0; i < block.lines().size(); i++) {
                String line = block.lines().get(i);
                if (line.startsWith("$ ")) {
                    commands.add(new Command(block.first() + i, line.substring(2), new ArrayList<>()));
                } else {
                    commands.getLast().shown().add(line);
                }
            }
        }
        commands.removeIf(command -> elsewhere(command.text()).isPresent());
        return commands;
    }

    private static Optional<String> elsewhere(String command) {
        return RUN_ELSEWHERE.keySet().stream()
                .filter(prefix -> command.equals(prefix) || command.startsWith(prefix + " "))
                .findFirst();
    }

    /// Checks that every command of a page runs in some test: those for the eye (`sh`), too.
    void checkThatAllAreRun(Sources sources) {
        Stream<String> shown = page.blocks("console").stream()
                .flatMap(block -> block.lines().stream())
                .filter(line -> line.startsWith("$ "))
                .map(line -> line.substring(2))
                .filter(line -> elsewhere(line).isPresent());
        Stream<String> forTheEye = page.blocks("sh").stream()
                .flatMap(block -> block.lines().stream())
                .filter(line -> line.startsWith("./btd"));
        for (String command : Stream.concat(shown, forTheEye).toList()) {
            String prefix = elsewhere(command).orElse("");
            assertThat(prefix).as("%s: run by no test: %s", page, command).isNotEmpty();
            String test = RUN_ELSEWHERE.getOrDefault(prefix, "");
            assertThat(test.isEmpty() || sources.hasTest(test))
                    .as("%s: %s: no such test: %s", page, command, test)
                    .isTrue();
        }
    }

    private void writeLauncher() throws IOException {
        StringBuilder launcher = new StringBuilder("#!/bin/sh\nexec");
        ChildJvm.java().forEach(word -> launcher.append(" '").append(word).append('\''));
        launcher.append(" -cp '").append(ChildJvm.classPath()).append("' io.btd.cli.Main \"$@\"\n");
        Path file = Files.writeString(folder.resolve("btd"), launcher);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
