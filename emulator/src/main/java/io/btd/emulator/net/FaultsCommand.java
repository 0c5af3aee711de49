// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.cli.ExitCode;
import io.btd.cli.Subcommand;
import io.btd.emulator.net.history.Finding;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd faults`: breaks clusters and looks whether they keep their promises.
@Command(
        name = "faults",
        description = {
            "Break clusters on purpose, and check that nothing is lost, leaked or done twice.",
            "Each run starts nodes in this process and clients over TCP, kills, freezes, cuts off, garbles and",
            "fills while the clients work, then mends everything and checks what they saw. With --processes",
            "the nodes are btd node processes with a ZooKeeper, killed and stopped by signals.",
            "Exit code 1 when something is wrong; it prints the seed that plays the same plan again."
        })
public final class FaultsCommand implements Subcommand {

    private static final int RUNS = 200;
    private static final int RUNS_OF_PROCESSES = 10;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "how many, each with the next seed (default " + RUNS + ", with --processes "
                    + RUNS_OF_PROCESSES + ")")
    private @Nullable Integer wanted;

    @Option(names = "--processes", description = "every node is a process: some seconds a run, not milliseconds")
    private boolean processes;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the first run (default: any)")
    private @Nullable Long seed;

    @Option(names = "--plan", description = "print the plan of each run before it is played")
    private boolean plans;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Nodes nodes = processes ? Nodes.PROCESSES : Nodes.OBJECTS;
        int usual = processes ? RUNS_OF_PROCESSES : RUNS;
        int runs = wanted == null ? usual : wanted;
        if (runs < 1) {
            throw new InvalidConfig("option out of range: --runs=" + runs, "use 1 or more");
        }
        long start = seed != null ? seed : ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        PrintWriter out = spec.commandLine().getOut();
        FaultSuite.Result result;
        try (FaultProgress progress = new FaultProgress(runs)) {
            result = FaultSuite.play(nodes, start, runs, run -> {
                if (plans && !json) {
                    out.println(run.plan());
                }
                progress.played(run);
            });
        }
        if (json) {
            out.println(ConfigValueFactory.fromAnyRef(fields(nodes, start, result))
                    .render(ConfigRenderOptions.concise().setFormatted(true))
                    .stripTrailing());
        } else {
            print(out, nodes, start, result);
        }
        out.flush();
        return result.isGood() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Map<String, Object> fields(Nodes nodes, long start, FaultSuite.Result result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seed", start);
        fields.put("processes", nodes == Nodes.PROCESSES);
        fields.put("runs", result.runs());
        fields.put("faults", result.faults());
        fields.put("answered", result.made());
        fields.put("refused", result.refused());
        fields.put("unknown", result.unknown());
        fields.put(
                "violations",
                result.last().findings().stream().map(FaultsCommand::text).toList());
        if (!result.isGood()) {
            fields.put("replay", nodes.replay(result.last().plan().seed()));
            fields.put("plan", result.last().plan().toString().lines().toList());
        }
        return fields;
    }

    private static void print(PrintWriter out, Nodes nodes, long start, FaultSuite.Result result) {
        out.printf("seed        %d%n", start);
        out.printf("runs        %,d, %,d things broken or mended%n", result.runs(), result.faults());
        out.printf(
                "calls       %,d answered, %,d refused, %,d unknown%n",
                result.made(), result.refused(), result.unknown());
        if (!result.isGood()) {
            out.printf("%n%s%n%n", result.last().plan());
            result.last().findings().forEach(finding -> out.println(text(finding)));
            out.printf("%nagain       %s%n", nodes.replay(result.last().plan().seed()));
        }
        out.println(result.isGood() ? "faults: ok" : "faults: VIOLATION");
    }

    private static String text(Finding finding) {
        return finding.kind() + ": " + finding.text();
    }
}
