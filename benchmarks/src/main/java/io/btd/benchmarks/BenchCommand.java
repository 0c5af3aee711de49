// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.benchmarks.cluster.ClusterCommand;
import io.btd.cli.Subcommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `btd bench`: figures, and which benchmarks there are.
@Command(
        name = "bench",
        description = "Measure what btd costs on this machine.",
        subcommands = {MicroCommand.class, ClusterCommand.class},
        synopsisSubcommandLabel = "BENCHMARK")
public final class BenchCommand implements Subcommand {

    @Spec
    private CommandSpec spec;

    /// For the service loader.
    public BenchCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no benchmark named; btd bench --help lists them");
    }
}
