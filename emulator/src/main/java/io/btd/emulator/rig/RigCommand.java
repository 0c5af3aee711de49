// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.cli.Subcommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `btd rig`: a group; what it does is in its subcommands.
@Command(
        name = "rig",
        description = {
            "A virtual machine with RDMA (soft-RoCE) and persistent memory.",
            "It is built once out of Debian packages, by root, in about a minute.",
            "It sees the checkout, the JDK and Maven's repository at the paths they",
            "have here, and changes none of them."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BuildCommand.class, RunCommand.class, TestCommand.class, ShellCommand.class})
public final class RigCommand implements Subcommand {

    @Spec
    private CommandSpec spec;

    /// Made by the service loader.
    public RigCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command; btd rig --help lists them");
    }
}
