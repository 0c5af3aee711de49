// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line, as far as it goes without a guest.
class RigCommandTest {
    @TempDir
    private Path folder;

    private record Run(int code, String out, String err) {}

    private Run run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Main(print(out), print(err), new ConfigSources(Map.of(), folder)).run(words);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }

    @Test
    void theHelpNamesItsCommands() {
        Run help = run("rig", "--help");
        assertThat(help.code()).isEqualTo(ExitCode.OK);
        assertThat(help.out()).contains("soft-RoCE", "  build ", "  run ", "  shell ", "  test ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"build", "run", "test", "shell"})
    void everyCommandHasHelp(String command) {
        Run help = run("rig", command, "--help");
        assertThat(help.code()).isEqualTo(ExitCode.OK);
        assertThat(help.out()).contains("Usage: btd rig " + command, "--cache");
    }

    @Test
    void badInputIsRefusedBeforeAnythingIsDone() {
        assertThat(run("rig").err()).isEqualTo("btd: USAGE: no command; btd rig --help lists them\n");
        assertThat(run("rig").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("rig", "run").err()).contains("USAGE", "COMMAND");
        assertThat(run("rig", "run").code()).isEqualTo(ExitCode.BAD_INPUT);
        Run soon = run("rig", "test", "--deadline", "soon");
        assertThat(soon.err()).contains("INVALID_CONFIG: not a time: text=soon");
        assertThat(soon.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("rig", "boot").code()).isEqualTo(ExitCode.BAD_INPUT);
    }

    /// Tests have none.
    @Test
    void aShellNeedsATerminal() {
        Run shell = run("rig", "shell");
        assertThat(shell.err()).contains("INVALID_CONFIG: a shell needs a terminal; use btd rig run");
        assertThat(shell.code()).isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void guestsAreKeptAmongTheCaches() {
        assertThat(RigOptions.cache(Map.of("XDG_CACHE_HOME", "/c", "HOME", "/h")))
                .isEqualTo(Path.of("/c/btd/rig"));
        assertThat(RigOptions.cache(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.cache/btd/rig"));
        assertThat(RigOptions.cache(Map.of("XDG_CACHE_HOME", "", "HOME", "/h")))
                .isEqualTo(Path.of("/h/.cache/btd/rig"));
    }

    @Test
    void whatIsMissingIsNamedByItsPackage() {
        assertThat(HostTools.BOOT.missing(program -> false)).containsExactly("qemu-system-x86");
        assertThat(HostTools.BUILD.missing(program -> !program.equals("cpio"))).containsExactly("cpio");
        assertThat(HostTools.BUILD.missing(program -> true)).isEmpty();
        assertThat(HostTools.isInstalled("sh")).isTrue();
        assertThat(HostTools.isInstalled("absent-program")).isFalse();
        assertThat(HostTools.installation(List.of("a", "b")))
                .startsWith("apt-get ")
                .endsWith(" a b");
    }
}
