// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster of real processes on this machine.
class ClusterCommandTest {
    private static final long DEADLINE_SECONDS = 60;
    private static final String DEADLINE = "--deadline=110s";

    @TempDir
    private Path folder;

    private String dir;
    private final List<ProcessHandle> seen = new ArrayList<>();

    @BeforeEach
    void name() {
        dir = folder.resolve("a cluster").toString();
    }

    @AfterEach
    void endThem() throws Exception {
        CommandLineRun.of(folder, "cluster", "down", "--dir", dir, "--deadline=1ms");
        assertEnded();
    }

    /// They are children of this process, and what is left of them goes when it has been told of their end.
    private void assertEnded() throws Exception {
        for (ProcessHandle process : seen) {
            process.onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private CommandLineRun run(String... words) {
        List<String> line = new ArrayList<>(List.of("--dir", dir));
        line.addAll(List.of(words));
        return CommandLineRun.of(folder, line.toArray(String[]::new));
    }

    private String btd(String... words) {
        CommandLineRun run = run(words);
        assertThat(run.code()).as("%s: %s", List.of(words), run.err()).isZero();
        return run.out();
    }

    private List<? extends Config> processes() {
        List<? extends Config> processes = ConfigFactory.parseString(btd("cluster", "status", "--json", DEADLINE))
                .getConfigList("processes");
        processes.stream()
                .map(process -> process.getLong("pid"))
                .filter(pid -> pid != 0)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(seen::add));
        return processes;
    }

    private static List<String> all(List<? extends Config> processes, String key) {
        return processes.stream().map(process -> process.getString(key)).toList();
    }

    private void kill(List<? extends Config> processes) throws Exception {
        for (Config process : processes) {
            ProcessHandle handle = ProcessHandle.of(process.getLong("pid")).orElseThrow();
            handle.destroyForcibly();
            handle.onExit().get();
        }
    }

    @Test
    void whatWasPublishedOutlivesEveryProcess() throws Exception {
        assertThat(btd("cluster", "up", "--nodes=3", "--capacity=2MiB", DEADLINE))
                .containsPattern("(?m)^zookeeper  pid [0-9]+ +127.0.0.1:[0-9]+ +ready in ")
                .containsPattern("(?m)^node-3     pid [0-9]+ +tcp:127.0.0.1:[0-9]+ +ready in ")
                .endsWith("nodes=3, dir=" + dir + "\n");
        List<? extends Config> first = processes();
        assertThat(all(first, "state")).containsExactly("up", "up", "up", "up");
        assertThat(all(first, "node")).containsExactly("0", "1", "2", "3");
        assertThat(all(first, "incarnation")).containsExactly("0", "1", "1", "1");

        String block = btd("malloc", "100", "--root", "greeting").strip();
        btd("put", block, "--text", "hello");
        assertThat(btd("cat", block, "--length", "5")).isEqualTo("hello");
        assertThat(run("malloc", "100").err()).contains("not published");
        assertThat(btd("stat")).contains("nodes     3, 3 of them up", "node-1/node.sock");

        kill(first);
        assertThat(all(processes(), "state")).containsOnly("down");
        CommandLineRun nobody = run("cat", block, "--deadline=500ms");
        assertThat(nobody.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(nobody.err()).startsWith("btd: UNREACHABLE: ").hasLineCount(1);

        btd("cluster", "up", DEADLINE);
        assertThat(btd("cat", block, "--length", "5", "--deadline=60s")).isEqualTo("hello");
        assertThat(btd("roots", "get", "greeting").strip()).isEqualTo(block);
        List<? extends Config> second = processes();
        assertThat(all(second, "incarnation")).containsExactly("0", "2", "2", "2");
        assertThat(all(second, "pid")).doesNotContainAnyElementsOf(all(first, "pid"));
        assertThat(btd("cluster", "up", DEADLINE))
                .contains("node-1", "runs already")
                .doesNotContain("ready in");

        assertThat(btd("cluster", "down", DEADLINE)).contains("ended in").endsWith("down: ended=4, dir=" + dir + "\n");
        assertEnded();
        assertThat(all(processes(), "state")).containsOnly("down");
        for (Config process : second) {
            for (String endpoint : process.getStringList("endpoints")) {
                assertClosed(endpoint);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(Path.of(dir));
        }
    }

    private static void assertClosed(String endpoint) throws IOException {
        if (endpoint.startsWith("uds:")) {
            assertThat(Path.of(endpoint.substring("uds:".length()))).doesNotExist();
            return;
        }
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            throw new AssertionError("somebody listens: " + socket);
        } catch (ConnectException closed) {
            // as it has to be
        }
    }

    @Test
    void aProcessThatDiesAtItsStartIsShownWithWhatItSaid() throws IOException {
        Path arena = Files.createDirectories(Path.of(dir, "node-1")).resolve("arena");
        Files.writeString(arena, "no arena");
        CommandLineRun run = run("cluster", "up", "--nodes=1", DEADLINE);
        assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.out()).containsPattern("(?m)^zookeeper .* ready in ");
        assertThat(run.err())
                .contains("node-1: btd: ARENA_UNUSABLE: ")
                .contains("btd: NODE_DOWN: a process ended before it was ready: process=node-1, exit=2 (refused)");
        assertThat(all(processes(), "state")).containsExactly("up", "down");
    }

    @Test
    void whoDoesNotEndIsKilled() throws Exception {
        btd("cluster", "up", "--nodes=1", DEADLINE);
        List<? extends Config> processes = processes();
        long node = processes.getLast().getLong("pid");
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(node))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(btd("cluster", "down", "--deadline=300ms"))
                .containsPattern("(?m)^node-1 .* killed after ")
                .containsPattern("(?m)^zookeeper .* (ended in|killed after) ");
        assertThat(seen).hasSize(2);
        assertEnded();
    }
}
