// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.cli.ExitCode;
import java.io.Console;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `btd rig shell`: a guest to look around in.
@Command(
        name = "shell",
        description = {
            "Boot a guest with a root shell on this terminal; exit powers it off.",
            "Nothing that is changed in it is kept."
        })
final class ShellCommand implements Callable<Integer> {

    @Mixin
    private RigOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)) {
            throw new InvalidConfig("a shell needs a terminal", "use btd rig run for commands");
        }
        try {
            return options.rig().shell(new Progress(System.err)).orElse(ExitCode.UNREACHABLE);
        } finally {
            // QEMU leaves it raw when it is killed.
            new ProcessBuilder("stty", "sane").inheritIO().start().waitFor();
        }
    }
}
