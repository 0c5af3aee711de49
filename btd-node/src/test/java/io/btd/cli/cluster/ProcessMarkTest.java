// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMarkTest {

    @TempDir
    private Path folder;

    @Test
    void aProcessIsKnownByItsStart() {
        ProcessId own = ProcessId.own();
        assertThat(own.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(own.isAlive()).isTrue();
        assertThat(new ProcessId(own.pid(), own.start() + 1, own.boot()).isAlive())
                .isFalse();
        assertThat(new ProcessId(own.pid(), own.start(), "another run of the machine").isAlive())
                .isFalse();
        assertThat(ProcessId.of(Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void whoeverGotTheNumberLaterIsLeftAlone() throws Exception {
        Process bystander = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessId theirs = ProcessId.of(bystander.pid()).orElseThrow();
            ProcessId former = new ProcessId(theirs.pid(), theirs.start() - 1, theirs.boot());
            former.terminate();
            former.kill();
            assertThat(theirs.isAlive()).isTrue();
            theirs.terminate();
            assertThat(bystander.waitFor()).isEqualTo(128 + 15);
            assertThat(theirs.isAlive()).isFalse();
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void whatIsLeftOfADeadProcessIsNotAlive() throws Exception {
        // The child of a child that never waits for it: dead, and still in the table.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        try {
            long zombie = Long.parseLong(String.valueOf(parent.inputReader().readLine()));
            Path name = Path.of("/proc", Long.toString(parent.pid()), "comm");
            while (!Files.readString(name).strip().equals("sleep")) {
                Thread.onSpinWait();
            }
            ProcessHandle.of(zombie).orElseThrow().destroyForcibly();
            while (ProcessId.of(zombie).isPresent()) {
                Thread.onSpinWait();
            }
            assertThat(Path.of("/proc", Long.toString(zombie))).exists();
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void aMarkIsReadAsItWasWritten() {
        ProcessMark starting = ProcessMark.starting(ProcessId.own());
        starting.write(folder);
        assertThat(ProcessMark.read(folder)).contains(starting);
        ProcessMark serving = starting.serving(4095, 1L << 40, List.of("tcp:[::1]:7", "uds:/a b\\c=d/#"));
        serving.write(folder);
        assertThat(ProcessMark.read(folder)).contains(serving);
        assertThat(folder)
                .isDirectoryContaining(file -> file.endsWith("process"))
                .isDirectoryNotContaining("glob:*.new");
    }

    @Test
    void whatMakesNoSenseIsNoMark() throws IOException {
        assertThat(ProcessMark.read(folder)).isEmpty();
        for (String text : List.of(
                "",
                "pid=1",
                "pid=x\nstart=1\nnode=1\nincarnation=1",
                "\\u1",
                "pid=1\nstart=1\nnode=9999999999\nincarnation=1")) {
            Files.writeString(folder.resolve("process"), text);
            assertThat(ProcessMark.read(folder)).as(text).isEmpty();
        }
    }

    @Test
    void statesFollowFromTheMark() {
        ClusterFolder.Place place = ClusterFolder.of(folder).node(1);
        ProcessMark starting = ProcessMark.starting(ProcessId.own());
        assertThat(ProcessState.never(place).state()).isEqualTo("down");
        assertThat(ProcessState.of(place, starting).state()).isEqualTo("recovering");
        ProcessState up = ProcessState.of(place, starting.serving(1, 2, List.of("tcp:127.0.0.1:7")));
        assertThat(up.state()).isEqualTo("up");
        assertThat(up.endpoint()).isEqualTo("tcp:127.0.0.1:7");
        ProcessId own = ProcessId.own();
        ProcessMark dead = new ProcessMark(
                new ProcessId(own.pid(), own.start() - 1, own.boot()), true, 1, 2, List.of("tcp:127.0.0.1:7"));
        ProcessState down = ProcessState.of(place, dead);
        assertThat(down.state()).isEqualTo("down");
        assertThat(down.pid()).isZero();
        assertThat(down.endpoints()).isEmpty();
        assertThat(down.incarnation()).isEqualTo(2);
    }
}
