// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException.Deadline;
import io.btd.api.BtdException.Unreachable;
import io.btd.emulator.net.process.Watchdog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is understood of a guest's words, by a shell that plays one.
class GuestTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path run;
    private Watchdog watchdog;

    @BeforeEach
    void watch() throws Exception {
        run = Files.createDirectory(folder.resolve("run"));
        watchdog = new Watchdog(run);
    }

    @AfterEach
    void close() {
        watchdog.close();
        assertThat(run).doesNotExist();
    }

    private Guest guest(String script) {
        return Guest.start("1", List.of("sh", "-c", "cd '" + run + "'; " + script), run, out, err, watchdog);
    }

    private static long end() {
        return System.nanoTime() + Duration.ofMinutes(1).toNanos();
    }

    @Test
    void outputAndExitCodeComeBack() throws Exception {
        Guest guest = guest("echo up >state; printf a; printf b >&2; echo 'exit 7' >>state");
        guest.awaitUp(end());
        assertThat(guest.awaitExit(end())).isEqualTo(7);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("b");
    }

    @Test
    void aGuestThatDoesNotBootIsQuoted() {
        Guest guest = guest("echo 'kernel: no root' >console; printf '[ 1.0] reboot: Power down\\n' >>console");
        assertThatThrownBy(() -> guest.awaitUp(end()))
                .isInstanceOf(Unreachable.class)
                .hasMessageContaining("guest=1, console=kernel: no root;");
    }

    @Test
    void aGuestThatBreaksDownHasNoExitCode() throws Exception {
        Guest guest = guest("echo up >state");
        guest.awaitUp(end());
        assertThatThrownBy(() -> guest.awaitExit(end()))
                .isInstanceOf(Unreachable.class)
                .hasMessageContaining("ended without a result");
    }

    @Test
    void aGuestThatTakesTooLongIsGivenUpAndKilled() throws Exception {
        Guest guest = guest("echo up >state; exec sleep 1000");
        guest.awaitUp(end());
        assertThatThrownBy(() -> guest.awaitExit(System.nanoTime()))
                .isInstanceOf(Deadline.class)
                .hasMessageContaining("did not end in time", "--deadline");
        assertThat(guest.endsWithin(Duration.ZERO)).isFalse();
        watchdog.close();
        assertThat(guest.endsWithin(Duration.ofMinutes(1))).isTrue();
    }
}
