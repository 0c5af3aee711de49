// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.cli.Subcommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `btd demo`: a group; what it does is in its subcommands.
@Command(
        name = "demo",
        description = "A full-text index that lives in an arena or cluster and survives being killed",
        subcommands = {IndexCommand.class, SearchCommand.class})
public final class DemoCommand implements Subcommand {
    @Spec
    private CommandSpec spec;

    /// Made by the service loader.
    public DemoCommand() {}

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "no subcommand: command=demo; say index or search, or --help");
    }
}
