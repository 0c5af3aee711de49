// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ChildProcessTest {
    private static final Pattern READY = Pattern.compile("ready: number=([0-9]+)\n");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private Path folder = Path.of("");
    private final List<Watchdog> watchdogs = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("cluster"));
    }

    @AfterEach
    void closeAll() {
        watchdogs.forEach(Watchdog::close);
    }

    private Watchdog watchdog() {
        Watchdog watchdog = new Watchdog(folder);
        watchdogs.add(watchdog);
        return watchdog;
    }

    private ChildProcess shell(String script, Watchdog watchdog) {
        return ChildProcess.start(List.of("sh", "-c", script), folder.resolve("output"), READY, PATIENCE, watchdog);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void saysWhatItsReadyLineSays() {
        ChildProcess child = shell("echo starting; echo ready: number=42; read never", watchdog());
        assertThat(child.ready().group(1)).isEqualTo("42");
        assertThat(child.output()).startsWith("starting\n");
    }

    @Test
    void oneThatEndsBeforeItIsReadyIsToldWithItsOutput() {
        assertThatThrownBy(() -> shell("echo no such thing; exit 3", watchdog()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended")
                .hasMessageContaining("no such thing");
    }

    @Test
    void oneThatIsNeverReadyIsKilled() {
        assertThatThrownBy(() -> ChildProcess.start(
                        List.of("sh", "-c", "echo $$; sleep 100"),
                        folder.resolve("output"),
                        READY,
                        Duration.ofMillis(200),
                        watchdog()))
                .hasMessageContaining("not ready");
        long pid = Long.parseLong(output().strip());
        assertThat(isAlive(pid)).isFalse();
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void stopsGoesOnAndDies() {
        ChildProcess child = shell("echo ready: number=1; sleep 100", watchdog());
        child.stop();
        assertThat(child.isStopped()).isTrue();
        child.resume();
        assertThat(child.isAlive()).isTrue();
        child.stop();
        child.kill();
        assertThat(child.isAlive()).isFalse();
        assertThat(isAlive(child.pid())).isFalse();
    }

    @Test
    void theWatchdogEndsStoppedProcessesTooAndRemovesTheFolder() {
        Watchdog watchdog = watchdog();
        ChildProcess stopped = shell("echo ready: number=1; sleep 100", watchdog);
        stopped.stop();
        ChildProcess running = shell("echo ready: number=2; exec sleep 100", watchdog);
        ChildProcess killed = shell("echo ready: number=3; exec sleep 100", watchdog);
        killed.kill();
        watchdog.close();
        for (ChildProcess child : List.of(stopped, running)) {
            ProcessHandle.of(child.pid()).ifPresent(left -> left.onExit().join());
            assertThat(child.isAlive()).isFalse();
        }
        assertThat(folder).doesNotExist();
        assertThat(isAlive(watchdog.pid())).isFalse();
    }

    @Test
    void processesEndWithAParentThatIsKilled() throws Exception {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OrphanMaker.class.getName(),
                Files.createDirectory(temp.resolve("orphan")).toString());
        Watchdog watchdog = watchdog();
        ChildProcess parent = ChildProcess.start(
                java, folder.resolve("parent"), Pattern.compile("child=([0-9]+)\n"), PATIENCE, watchdog);
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(parent.ready().group(1))).orElseThrow();
        parent.kill();
        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }
}
