// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.cli.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd rig build`: makes the guest, and says where it is.
@Command(
        name = "build",
        description = {
            "Install what is missing, build the guest, and print where it is.",
            "The other commands do so by themselves. What this prints may be removed."
        })
final class BuildCommand implements Callable<Integer> {

    @Mixin
    private RigOptions options;

    @Option(names = "--again", description = "build it even if it is there: for newer packages")
    private boolean again;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Progress progress = new Progress(System.err);
        Rig rig = options.rig();
        rig.build(again, progress);
        spec.commandLine().getOut().println(rig.image().folder());
        return ExitCode.OK;
    }
}
