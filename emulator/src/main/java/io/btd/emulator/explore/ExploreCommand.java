// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.PersistenceDomain;
import io.btd.cli.ExitCode;
import io.btd.cli.Subcommand;
import io.btd.emulator.canary.Canary;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.report.HtmlReport;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.PersistSite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            description = "how long to look; with --mutants and --canaries: for each (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the random scripts (default: any)")
    private @Nullable Long seed;

    @Option(
            names = "--domain",
            paramLabel = "D",
            defaultValue = "all",
            description = "what a crash loses: cache-line, page, eadr, process or all (default ${DEFAULT-VALUE})")
    private String domain = "all";

    @Option(names = "--threads", paramLabel = "N", description = "explorations side by side (default: processors)")
    private @Nullable Integer threads;

    @Option(names = "--mutants", description = "switch off each write-back and fence, and see that it is missed")
    private boolean mutants;

    @Option(
            names = "--fences",
            description = "print what each write-back and fence protects (docs/internals/fences.md)")
    private boolean fences;

    @Option(names = "--replay", paramLabel = "TOKEN", description = "run one script again, as a violation prints it")
    private @Nullable String token;

    @Option(names = "--html", paramLabel = "FILE", description = "with --replay: draw the violation into a page")
    private @Nullable Path html;

    @Option(names = "--canaries", description = "plant bugs of every kind, and see that each is found")
    private boolean canaries;

    @Option(names = "--planted", paramLabel = "CANARY", description = "with --replay: plant this canary's bug")
    private @Nullable String planted;

    @Option(
            names = "--without",
            paramLabel = "SITE:WHAT",
            description = "with --replay: switch an instruction off, as 401:fence or 402:write-back")
    private @Nullable String without;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (fences) {
            spec.commandLine().getOut().print(Fences.page());
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        CrashHook.install();
        if (seconds < 1) {
            throw new InvalidConfig("option out of range: --seconds=" + seconds, "use 1 or more");
        }
        if (token == null && (html != null || planted != null || without != null)) {
            throw new InvalidConfig("nothing to replay: --html, --planted and --without", "add --replay TOKEN");
        }
        long start = seed != null ? seed : ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        PrintWriter out = spec.commandLine().getOut();
        List<PersistenceDomain> lost = domains();
        ExploreReport report = new ExploreReport(out, json, start, lost);
        try {
            if (token != null && token.startsWith(RaceViolation.TOKEN)) {
                return replaySchedule(report, lost, token);
            }
            if (token != null) {
                return replay(report, Replay.parse(token, lost, planted, without));
            }
            if (canaries) {
                return canaries(report, lost, start);
            }
            return mutants ? mutants(report, lost, start) : explore(report, lost, start);
        } finally {
            out.flush();
        }
    }

    private List<PersistenceDomain> domains() {
        return domain.equals("all")
                ? List.of(
                        PersistenceDomain.CACHE_LINE,
                        PersistenceDomain.PAGE,
                        PersistenceDomain.EADR,
                        PersistenceDomain.PROCESS)
                : List.of(PersistenceDomain.parse(domain));
    }

    private int explore(ExploreReport report, List<PersistenceDomain> lost, long start) {
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
                : new Shrinker(result.violation().domain(), EmbeddedCluster::open).shrink(result.violation());
        RaceViolation raced =
                result.raced() == null ? null : RaceExploration.shrink(EmbeddedCluster::open, result.raced());
        report.explored(result, violation, raced, seconds);
        return violation == null && raced == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private int mutants(ExploreReport report, List<PersistenceDomain> lost, long start) {
        Progress progress = new Progress();
        progress.show("finding the sites that are executed");
        MutantHunt hunt = new MutantHunt(EmbeddedCluster::open, start);
        var patience = new MutantHunt.Patience(Long.MAX_VALUE, TimeUnit.SECONDS.toNanos(seconds), MutantHunt.IN_VAIN);
        var executed = hunt.executed(MutantHunt.CENSUS_RUNS);
        var verdicts = hunt.hunt(executed, lost, patience, verdict -> {
            progress.clear();
            report.verdict(verdict);
            progress.show("hunting");
        });
        progress.clear();
        List<PersistSite> never = MutantHunt.neverReached(executed);
        report.mutants(verdicts, never);
        boolean wrong = verdicts.stream().anyMatch(MutantHunt.Verdict::wrong);
        return wrong || !never.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }

    private int canaries(ExploreReport report, List<PersistenceDomain> lost, long start) {
        if (!lost.contains(PersistenceDomain.CACHE_LINE)) {
            throw new InvalidConfig("canaries need lines that can be lost: --domain=" + domain, "leave the domain out");
        }
        CanaryHunt hunt = new CanaryHunt(PersistenceDomain.CACHE_LINE, start);
        List<CanaryHunt.Catch> catches = new ArrayList<>();
        Progress progress = new Progress();
        report.canaryHead();
        for (Canary canary : Canary.values()) {
            progress.show("hunting " + canary.text());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            CanaryHunt.Catch caught = hunt.hunt(canary, () -> System.nanoTime() - end > 0);
            progress.clear();
            report.canary(caught);
            catches.add(caught);
        }
        report.canaries(catches);
        return catches.stream().allMatch(CanaryHunt.Catch::caught) ? ExitCode.OK : ExitCode.FAILED;
    }

    private int replay(ExploreReport report, Replay replay) {
        Violation violation = replay.run();
        if (violation != null && html != null) {
            write(html, HtmlReport.of(replay.account(violation)));
        }
        report.replayed(replay, violation, violation == null ? null : html);
        return violation == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private int replaySchedule(ExploreReport report, List<PersistenceDomain> lost, String text) {
        if (html != null) {
            throw new InvalidConfig("a schedule is not drawn: --html=" + html, "leave it out");
        }
        RaceReplay replay = RaceReplay.parse(text, lost, planted, without);
        RaceViolation violation = replay.run();
        report.replayed(replay.schedule().race(), violation);
        return violation == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void write(Path file, String page) {
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new InvalidConfig("cannot write: --html=" + file + ", cause=" + e, "name a file that can be written");
        }
    }
}
