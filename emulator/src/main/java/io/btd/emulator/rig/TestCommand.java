// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.cli.Main;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd rig test`: the tests that need a device, in a guest.
@Command(
        name = "test",
        description = {
            "Run the tests that need an RDMA device or persistent memory in a guest.",
            "Exit code 1 when one fails."
        })
final class TestCommand implements Callable<Integer> {

    @Mixin
    private RigOptions options;

    @Mixin
    private JobOptions job;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            defaultValue = "*DeviceTest,VerbsRdmaTest",
            description = "only these classes; * stands for anything; default: ${DEFAULT-VALUE}")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Progress progress = new Progress(System.err);
        Duration deadline = job.deadline();
        Rig rig = options.rig();
        TestClasses classes = TestClasses.compile(rig, progress);
        return job.run(rig, new Rig.Job(classes.command(name), Optional.empty(), deadline), progress, Main.of(spec));
    }
}
