// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdCluster;
import io.btd.api.ClusterStat;
import io.btd.api.RecoveryReport;
import io.btd.api.RemoteConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd stat`: opens an arena, which recovers it if its last owner died, and says what is in it and what
/// recovery did; or asks every node of a cluster.
@Command(
        name = "stat",
        description = {
            "Show what is in an arena or cluster.",
            "Opening an arena recovers it if its last owner died; a cluster's nodes are asked."
        })
public final class StatCommand implements Subcommand {

    @Mixin
    private TargetOptions target;

    @Option(names = "--json", description = "print JSON, sizes in bytes and times in nanoseconds")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ClusterStat stat;
        RecoveryReport recovery;
        boolean remote = target.config() instanceof RemoteConfig;
        try (BtdCluster cluster = target.openExisting()) {
            stat = cluster.stat();
            if (remote) {
                ClusterStatReport report = new ClusterStatReport(stat);
                return print(json ? report.json() + "\n" : report.table());
            }
            recovery = cluster.recovery();
        }
        StatReport report = new StatReport(stat.arenas().getFirst(), recovery);
        return print(json ? report.json() + "\n" : report.table());
    }

    private int print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
