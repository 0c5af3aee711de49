// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.benchmarks.load.Contestant;
import io.btd.benchmarks.load.Outcome;
import io.btd.benchmarks.load.Plan;
import io.btd.benchmarks.load.Rounds;
import io.btd.benchmarks.report.LatencyCsv;
import io.btd.benchmarks.report.LatencyPlot;
import io.btd.benchmarks.report.LatencyTable;
import io.btd.cli.ExitCode;
import io.btd.cli.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `btd bench cluster`: remote calls of btd beside echoes, redis and memcached, on loopback and in one run.
@Command(
        name = "cluster",
        description = {
            "Remote read, memcpy, malloc+free and compareAndSet of btd, beside echoes,",
            "redis and memcached (where installed), on loopback, in interleaved rounds.",
            "About nine minutes, --quick about two. Ratios count: see docs/benchmarks.md."
        })
public final class ClusterCommand implements Subcommand {
    private static final double SECONDS = 5;
    private static final double QUICK_SECONDS = 0.6;
    private static final double LONGEST = 3600;
    private static final String NONE = "none";

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "some of netty, socket, redis, memcached; or none (default: all that are there)")
    private @Nullable List<String> peers;

    @Option(names = "--peers-only", description = "without btd: what this machine can do")
    private boolean peersOnly;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "how long each subject is measured, in sum (default: 5; with --quick 0.6)")
    private @Nullable Double seconds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write cluster.csv and cluster.png there; it is made when it is not there")
    private @Nullable Path out;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where the servers keep their files meanwhile (default: the folder for temporary files)")
    private Path data = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--quick", description = "short rounds, to see that it works")
    private boolean quick;

    @Spec
    private CommandSpec spec;

    /// For picocli.
    public ClusterCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Set<Peer> chosen = peers();
        double each = Optional.ofNullable(seconds).orElse(quick ? QUICK_SECONDS : SECONDS);
        if (!(each >= 0.1 && each <= LONGEST)) {
            throw misuse("seconds out of range: seconds=" + each + "; use 0.1 to 3600");
        }
        if (!Files.isWritable(data)) {
            throw misuse("folder cannot be written to: data=" + data + "; name one that is there");
        }
        prepareOut();
        long seed = ThreadLocalRandom.current().nextLong(1_000_000);
        Plan plan = quick ? Plan.quick(each, seed) : Plan.of(each, seed);
        PrintWriter err = spec.commandLine().getErr();
        try {
            return report(measure(chosen, plan, err), plan);
        } catch (IOException failed) {
            err.println("benchmark failed: reason=" + failed.getMessage());
            err.flush();
            return ExitCode.FAILED;
        }
    }

    private List<Outcome> measure(Set<Peer> chosen, Plan plan, PrintWriter err)
            throws IOException, InterruptedException {
        try (Workplace workplace = Workplace.in(data);
                TurnProgress progress = new TurnProgress(err)) {
            LineUp lineUp = new LineUp(workplace, err);
            if (!peersOnly) {
                lineUp.addBtd();
            }
            lineUp.addPeers(chosen);
            List<Contestant> contestants = lineUp.contestants();
            err.printf(
                    Locale.ROOT,
                    "bench: subjects=%d, rounds=%d, seed of their order=%d; takes %.0f s or more%n",
                    contestants.size(),
                    plan.rounds(),
                    plan.seed(),
                    plan.seconds(contestants.size()));
            err.flush();
            return new Rounds(plan, progress).run(contestants);
        }
    }

    private int report(List<Outcome> outcomes, Plan plan) throws IOException {
        PrintWriter to = spec.commandLine().getOut();
        to.print(new LatencyTable(outcomes));
        to.flush();
        boolean complete = !outcomes.isEmpty() && outcomes.stream().allMatch(Outcome::usable);
        if (out != null) {
            Files.writeString(out.resolve("cluster.csv"), LatencyCsv.of(outcomes));
            System.setProperty("java.awt.headless", "true");
            String how = String.format(
                    Locale.ROOT,
                    "%d processors, %s, Java %s; %d rounds of %d ms for each; closed loop",
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.name"),
                    System.getProperty("java.version"),
                    plan.rounds(),
                    plan.sliceNanos() / 1_000_000);
            LatencyPlot.write(outcomes, how, out.resolve("cluster.png"));
            to.println("\nwritten: " + out.resolve("cluster.csv") + ", " + out.resolve("cluster.png"));
            to.flush();
        }
        return complete ? ExitCode.OK : ExitCode.FAILED;
    }

    private Set<Peer> peers() {
        Set<Peer> chosen = EnumSet.noneOf(Peer.class);
        if (peers == null) {
            chosen.addAll(EnumSet.allOf(Peer.class));
        } else if (!peers.equals(List.of(NONE))) {
            for (String name : peers) {
                chosen.add(Stream.of(Peer.values())
                        .filter(peer -> peer.toString().equals(name))
                        .findFirst()
                        .orElseThrow(() -> misuse("unknown peer: peer=" + name
                                + "; use some of netty, socket, redis, memcached, or none")));
            }
        }
        if (chosen.isEmpty() && peersOnly) {
            throw misuse("nothing to measure: peers=none, peers-only=true; leave one out");
        }
        return chosen;
    }

    /// Makes the folder before minutes are spent.
    private void prepareOut() {
        try {
            if (out != null) {
                Files.createDirectories(out);
            }
        } catch (IOException refused) {
            throw misuse("folder cannot be made: out=" + out + "; name another");
        }
    }

    private ParameterException misuse(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
