// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.PersistenceDomain;
import io.btd.cli.ExitCode;
import io.btd.cli.Subcommand;
import io.btd.emulator.crash.CrashHook;
import io.btd.node.EmbeddedCluster;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd explore`: crashes the heap everywhere and looks whether it recovers.
@Command(
        name = "explore",
        description = {
            "Crash the heap at every fence and acknowledgement, and check each recovery.",
            "Runs small programs on a tiny arena in memory, their threads in every order, leaves every kind of image a power failure",
            "could leave, recovers it, and checks content, roots, overlaps and leaks.",
            "Exit code 1 when something is lost, leaked or survives."
        })
public final class ExploreCommand implements Subcommand {

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "how long to look; with --mutants: for each (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the random scripts (default: any)")
    private @Nullable Long seed;

    @Option(
            names = "--domain",
            paramLabel = "D",
            defaultValue = "cache-line",
            description = "what a crash loses: cache-line, eadr or process (default ${DEFAULT-VALUE})")
    private String domain = "cache-line";

    @Option(names = "--threads", paramLabel = "N", description = "explorations side by side (default: processors)")
    private @Nullable Integer threads;

    @Option(names = "--mutants", description = "switch off each write-back and fence, and see that it is missed")
    private boolean mutants;

    @Option(names = "--replay", paramLabel = "TOKEN", description = "run one script again, as a violation prints it")
    private @Nullable String token;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CrashHook.install();
        if (seconds < 1) {
            throw new InvalidConfig("option out of range: --seconds=" + seconds, "use 1 or more");
        }
        if (mutants && domain() != PersistenceDomain.CACHE_LINE) {
            throw new InvalidConfig("mutants need stores that can be lost: --domain=" + domain, "leave the domain out");
        }
        long start = seed != null ? seed : ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        PrintWriter out = spec.commandLine().getOut();
        PersistenceDomain lost = domain();
        ExploreReport report = new ExploreReport(out, json, start, lost);
        try {
            if (token != null) {
                return replay(report, lost, token);
            }
            return mutants ? mutants(report, lost, start) : explore(report, lost, start);
        } finally {
            out.flush();
        }
    }

    private PersistenceDomain domain() {
        return switch (domain.toLowerCase(Locale.ROOT)) {
            case "cache-line" -> PersistenceDomain.CACHE_LINE;
            case "eadr" -> PersistenceDomain.EADR;
            case "process" -> PersistenceDomain.PROCESS;
            default ->
                throw new InvalidConfig(
                        "domain is not modelled: --domain=" + domain, "use cache-line, eadr or process");
        };
    }

    private int explore(ExploreReport report, PersistenceDomain lost, long start) {
        int workers =
                threads != null ? Math.max(1, threads) : Runtime.getRuntime().availableProcessors();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Progress progress = new Progress();
        ParallelExploration.Result result = new ParallelExploration(lost, EmbeddedCluster::open, start)
                .run(
                        workers,
                        () -> System.nanoTime() - end > 0,
                        done -> progress.show("%,d recoveries".formatted(done)));
        progress.clear();
        Violation violation = result.violation() == null
                ? null
                : new Shrinker(lost, EmbeddedCluster::open).shrink(result.violation());
        RaceViolation raced =
                result.raced() == null ? null : RaceExploration.shrink(lost, EmbeddedCluster::open, result.raced());
        report.explored(result, violation, raced, seconds);
        return violation == null && raced == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private int mutants(ExploreReport report, PersistenceDomain lost, long start) {
        Progress progress = new Progress();
        progress.show("finding the sites that are executed");
        MutantHunt hunt = new MutantHunt(lost, EmbeddedCluster::open, start);
        var patience = new MutantHunt.Patience(Long.MAX_VALUE, TimeUnit.SECONDS.toNanos(seconds));
        var executed = hunt.executed(MutantHunt.CENSUS_RUNS);
        var verdicts = hunt.hunt(executed, patience, verdict -> {
            progress.clear();
            report.verdict(verdict);
            progress.show("hunting");
        });
        progress.clear();
        report.mutants(verdicts, MutantHunt.neverReached(executed));
        return verdicts.stream().anyMatch(MutantHunt.Verdict::survived) ? ExitCode.FAILED : ExitCode.OK;
    }

    private static int replay(ExploreReport report, PersistenceDomain lost, String token) {
        if (token.startsWith(RaceViolation.TOKEN)) {
            return replaySchedule(report, lost, token);
        }
        Script script;
        try {
            script = Script.parse(token);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(String.valueOf(e.getMessage()), "copy it whole, as btd explore printed it");
        }
        Violation violation = new Shrinker(lost, EmbeddedCluster::open).replay(script);
        report.replayed(script, violation);
        return violation == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private static int replaySchedule(ExploreReport report, PersistenceDomain lost, String token) {
        RaceExploration.Schedule schedule;
        try {
            schedule = RaceExploration.Schedule.parse(token);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(String.valueOf(e.getMessage()), "copy it whole, as btd explore printed it");
        }
        RaceViolation violation;
        try (RaceExploration exploration = new RaceExploration(lost, 1, EmbeddedCluster::open, () -> false)) {
            exploration.explain();
            violation = exploration.replay(schedule).violation();
        }
        report.replayed(schedule.race(), violation);
        return violation == null ? ExitCode.OK : ExitCode.FAILED;
    }
}
