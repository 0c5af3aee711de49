// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.cli.Subcommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `btd cluster`: a group; what it does is in its subcommands.
@Command(
        name = "cluster",
        description = {
            "Run a cluster of several processes on this machine: for development and tests.",
            "Where nodes have machines of their own, run btd node on each."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {UpCommand.class, StatusCommand.class, DownCommand.class})
public final class ClusterCommand implements Subcommand {

    @Spec
    private CommandSpec spec;

    /// Made by the service loader.
    public ClusterCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command; btd cluster --help lists them");
    }
}
