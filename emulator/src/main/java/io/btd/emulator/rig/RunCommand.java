// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.cli.Main;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd rig run`: one command in a guest.
@Command(
        name = "run",
        description = {
            "Boot a guest, run a command in it as root, power off.",
            "Its output comes back, and its exit code. It starts in the checkout, with",
            "  RIG_DEVICE   the RDMA device",
            "  RIG_ADDRESS  its address; the names of two guests are rig1 and rig2",
            "  RIG_PEER     the address of the other guest, where there is one",
            "  RIG_DAX      a folder on a file system with DAX",
            "  RIG_DEVDAX   a DAX device"
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private RigOptions options;

    @Mixin
    private JobOptions job;

    @Option(
            names = "--peer",
            paramLabel = "COMMAND",
            description =
                    "boot a second guest, joined to the first, for this command: it prints on standard error, and is"
                            + " stopped 10 seconds after the first one's has ended")
    private @Nullable String peer;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "for sh; several words are joined by blanks")
    private List<String> words;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Rig.Job what = new Rig.Job(String.join(" ", words), Optional.ofNullable(peer), job.deadline());
        return job.run(options.rig(), what, new Progress(System.err), Main.of(spec));
    }
}
