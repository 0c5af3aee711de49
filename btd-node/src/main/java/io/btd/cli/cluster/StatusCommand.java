// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.NodeStat;
import io.btd.api.RemoteConfig;
import io.btd.cli.ExitCode;
import io.btd.cli.Json;
import io.btd.cli.Main;
import io.btd.cli.config.ClusterFile;
import io.btd.cli.config.TimeSpan;
import io.btd.membership.ZooKeeperMembership;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd cluster status`: what runs of a cluster on this machine. Processes are known by their marks; the nodes are
/// asked, too, because one that runs need not answer.
@Command(name = "status", description = "Show every process of a cluster on this machine.")
final class StatusCommand implements Callable<Integer> {

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "the cluster's folder")
    private Path dir;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Option(
            names = "--deadline",
            paramLabel = "D",
            defaultValue = "10s",
            description = "how long to wait for answers; default: ${DEFAULT-VALUE}")
    private String deadline;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ClusterFolder folder = ClusterFolder.of(dir);
        ClusterFile file = ClusterFile.read(folder.path());
        RemoteConfig remote =
                file.remote(folder.path(), Main.of(spec).settings()).withDeadline(TimeSpan.parse(deadline));
        List<ProcessState> processes = processes(folder, file);
        if (processes.getFirst().state().equals(ProcessState.UP)) {
            processes = asked(remote, processes);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(Map.of(
                    "dir", folder.path().toString(),
                    "zookeeper", file.zooKeeper(),
                    "namespace", file.namespace(),
                    "processes", processes.stream().map(ProcessState::json).toList())));
        } else {
            print(out, processes);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static List<ProcessState> processes(ClusterFolder folder, ClusterFile file) {
        List<ClusterFolder.Place> places = new ArrayList<>(List.of(folder.zooKeeper()));
        for (int number = 1; number <= file.nodes(); number++) {
            places.add(folder.node(number));
        }
        return places.stream()
                .map(place -> ProcessMark.read(place.folder())
                        .map(mark -> ProcessState.of(place, mark))
                        .orElseGet(() -> ProcessState.never(place)))
                .toList();
    }

    /// What ZooKeeper and the nodes say; where nobody answers, the marks' word stands.
    private static List<ProcessState> asked(RemoteConfig remote, List<ProcessState> processes) {
        OptionalInt leader = leader(remote);
        Map<Integer, NodeStat.State> states = states(remote);
        return processes.stream()
                .map(process -> process.withLeader(process.pid() != 0 && leader.orElse(0) == process.node())
                        .withState(merged(process, states.get(process.node()))))
                .map(process -> process.role().equals("node") ? process : process.withLeader(false))
                .toList();
    }

    private static String merged(ProcessState process, NodeStat.@org.jspecify.annotations.Nullable State answer) {
        boolean serves = process.state().equals(ProcessState.UP);
        return serves && answer != null ? answer.name().toLowerCase(Locale.ROOT) : process.state();
    }

    private static OptionalInt leader(RemoteConfig remote) {
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(remote)) {
            return membership.leader();
        } catch (BtdException noAnswer) {
            return OptionalInt.empty();
        }
    }

    private static Map<Integer, NodeStat.State> states(RemoteConfig remote) {
        Map<Integer, NodeStat.State> states = new HashMap<>();
        try (BtdCluster cluster = BtdCluster.open(remote)) {
            cluster.stat().nodes().forEach(node -> states.put(node.node(), node.state()));
        } catch (BtdException noAnswer) {
            states.clear();
        }
        return states;
    }

    private static void print(PrintWriter out, List<ProcessState> processes) {
        out.printf(
                Locale.ROOT, "%-10s %-8s %-10s %6s %6s  %s%n", "process", "pid", "state", "node", "life", "endpoint");
        for (ProcessState process : processes) {
            boolean node = process.node() != 0;
            out.printf(
                    Locale.ROOT,
                    "%-10s %-8s %-10s %6s %6s  %s%s%n",
                    process.name(),
                    process.pid() == 0 ? "-" : Long.toString(process.pid()),
                    process.state(),
                    node ? Integer.toString(process.node()) : "-",
                    node ? Long.toString(process.incarnation()) : "-",
                    process.endpoints().isEmpty() ? "-" : process.endpoint(),
                    process.leader() ? "  leader" : "");
        }
    }
}
