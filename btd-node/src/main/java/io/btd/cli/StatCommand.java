// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdCluster;
import io.btd.api.ClusterStat;
import io.btd.api.RecoveryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd stat`: opens an arena, which recovers it if its last owner died, and says what is in it and what
/// recovery did.
@Command(name = "stat", description = "Open an arena (recovering it if its last owner died) and show what is in it.")
public final class StatCommand implements Subcommand {

    @Mixin
    private ArenaOptions arena;

    @Option(names = "--json", description = "print JSON, sizes in bytes and times in nanoseconds")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ClusterStat stat;
        RecoveryReport recovery;
        try (BtdCluster cluster = arena.openExisting()) {
            stat = cluster.stat();
            recovery = cluster.recovery();
        }
        StatReport report = new StatReport(stat.arenas().getFirst(), recovery);
        spec.commandLine().getOut().print(json ? report.json() + "\n" : report.table());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
