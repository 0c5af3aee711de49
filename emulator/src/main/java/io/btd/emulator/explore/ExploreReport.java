// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.PersistCounts;
import io.btd.emulator.crash.SearchCounts;
import io.btd.emulator.explore.Killers.Need;
import io.btd.emulator.report.JsonReport;
import io.btd.emulator.report.TextReport;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `btd explore` prints, for people or as JSON.
final class ExploreReport {
    private static final int IDLE_SHOWN = 6;

    private final PrintWriter out;
    private final boolean json;
    private final long seed;
    private final List<PersistenceDomain> domains;

    ExploreReport(PrintWriter out, boolean json, long seed, List<PersistenceDomain> domains) {
        this.out = out;
        this.json = json;
        this.seed = seed;
        this.domains = domains;
    }

    private String domain() {
        return domains.size() > 1 ? "ALL" : domains.getFirst().name();
    }

    void explored(
            ParallelExploration.Result result,
            @Nullable Violation violation,
            @Nullable RaceViolation raced,
            int seconds) {
        SearchCounts total = result.total();
        int violations = (violation == null ? 0 : 1) + (raced == null ? 0 : 1);
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seed", seed);
            fields.put("domain", domain());
            fields.put("seconds", seconds);
            fields.put("runs", result.runs());
            fields.put("schedules", result.schedules());
            fields.putAll(fields(total));
            Map<String, Object> byDomain = new LinkedHashMap<>();
            result.counts().forEach((domain, counts) -> byDomain.put(domain.name(), fields(counts)));
            fields.put("byDomain", byDomain);
            fields.put("persists", persists(result));
            fields.put("violations", violations);
            if (violation != null) {
                fields.put("violation", violation.lines());
            }
            if (raced != null) {
                fields.put("schedule", raced.lines());
            }
            json(fields);
            return;
        }
        out.printf("seed        %d, losing as %s%n", seed, domain());
        out.printf("runs        %,d, and %,d schedules of threads%n", result.runs(), result.schedules());
        out.printf("crashes     %,d points, %,d images%n", total.points(), total.images());
        out.printf(
                "recoveries  %,d distinct states, from %,d distinct images%n",
                total.recoveries(), total.distinctImages());
        result.counts()
                .forEach((domain, counts) -> out.printf(
                        "            %-10s %,d, of them %s from crashes nested 1 and 2 deep%n",
                        domain.configName(),
                        counts.recoveries(),
                        Arrays.stream(counts.byDepth())
                                .skip(1)
                                .mapToObj("%,d"::formatted)
                                .collect(Collectors.joining(" and "))));
        result.persists().forEach(this::idle);
        out.printf("violations  %s%n", violations == 0 ? "0" : violations + " (the search ends at the first)");
        print(violation);
        print(raced);
        out.println(violations == 0 ? "explore: ok" : "explore: VIOLATION");
    }

    void replayed(Race race, @Nullable RaceViolation raced) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("race", race.toString());
            fields.put("violations", raced == null ? 0 : 1);
            if (raced != null) {
                fields.put("schedule", raced.lines());
            }
            json(fields);
            return;
        }
        print(raced);
        out.println(raced == null ? "explore: ok, nothing wrong with " + race : "explore: VIOLATION");
    }

    private void print(@Nullable RaceViolation raced) {
        if (raced != null) {
            out.println();
            raced.lines().forEach(out::println);
            out.println();
        }
    }

    private static Map<String, Object> fields(SearchCounts counts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("crashPoints", counts.points());
        fields.put("images", counts.images());
        fields.put("recoveries", counts.recoveries());
        fields.put("nestedRecoveries", counts.nested());
        fields.put("distinctStates", counts.recoveries());
        fields.put("distinctImages", counts.distinctImages());
        fields.put("byDepth", Arrays.stream(counts.byDepth()).boxed().toList());
        fields.put("byOperation", counts.byOperation());
        return fields;
    }

    private static Map<String, Object> persists(ParallelExploration.Result result) {
        Map<String, Object> byDomain = new LinkedHashMap<>();
        result.persists().forEach((domain, persists) -> {
            List<Object> counts = new ArrayList<>();
            for (PersistCounts.Count count : persists.all()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("operation", count.operation());
                fields.put("site", count.site().number());
                fields.put("name", count.site().name());
                fields.put("writeBacks", count.lines());
                fields.put("idleWriteBacks", count.idleLines());
                fields.put("fences", count.fences());
                fields.put("idleFences", count.idleFences());
                fields.put("missableFences", count.missableFences());
                counts.add(fields);
            }
            byDomain.put(domain.name(), counts);
        });
        return byDomain;
    }

    /// What was written back or fenced for nothing, most often first.
    private void idle(PersistenceDomain domain, PersistCounts persists) {
        persists.all().stream()
                .filter(count -> count.idleLines() + count.idleFences() > 0)
                .sorted(Comparator.comparing(count -> -count.idleLines() - count.idleFences()))
                .limit(IDLE_SHOWN)
                .forEach(count -> out.printf(
                        "idle        %-10s %-9s %3d %-20s %,d of %,d write-backs, %,d of %,d fences%n",
                        domain.configName(),
                        count.operation(),
                        count.site().number(),
                        count.site().name(),
                        count.idleLines(),
                        count.lines(),
                        count.idleFences(),
                        count.fences()));
    }

    /// @param page where it was drawn, or null
    void replayed(Replay replay, @Nullable Violation violation, @Nullable Path page) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("script", replay.script().toString());
            fields.put("replay", replay.command(violation));
            fields.put("violations", violation == null ? 0 : 1);
            if (violation != null) {
                fields.putAll(JsonReport.of(replay.account(violation)));
            }
            json(fields);
            return;
        }
        if (violation == null) {
            out.println("explore: ok, nothing wrong with " + replay.script());
            return;
        }
        TextReport.of(replay.account(violation)).forEach(out::println);
        out.println();
        if (page != null) {
            out.println("drawn     " + page);
        }
        out.println("explore: VIOLATION");
    }

    void canaryHead() {
        if (!json) {
            out.printf("seed        %d%n", seed);
            out.printf("%-20s %8s %8s %6s  %s%n", "canary", "found in", "runs", "steps", "shrunk to");
        }
    }

    void canary(CanaryHunt.Catch caught) {
        if (!json) {
            out.printf(
                    "%-20s %6.2f s %,8d %6s  %s%n",
                    caught.canary().text(),
                    caught.nanos() / 1e9,
                    caught.runs(),
                    caught.caught() ? caught.steps() : "",
                    caught.caught()
                            ? caught.token()
                            : "MISSED: " + caught.canary().bug());
            out.flush();
        }
    }

    void canaries(List<CanaryHunt.Catch> catches) {
        long missed = catches.stream().filter(caught -> !caught.caught()).count();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seed", seed);
            fields.put("canaries", catches.size());
            fields.put("missed", missed);
            fields.put("catches", catches.stream().map(ExploreReport::fields).toList());
            json(fields);
            return;
        }
        out.printf("canaries    %d found, %d missed%n", catches.size() - missed, missed);
        out.println(missed == 0 ? "explore: ok" : "explore: MISSED");
    }

    private static Map<String, Object> fields(CanaryHunt.Catch caught) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("canary", caught.canary().text());
        fields.put("bug", caught.canary().bug());
        fields.put("found", caught.caught());
        fields.put("seconds", Math.round(caught.nanos() / 1e7) / 100.0);
        fields.put("runs", caught.runs());
        if (caught.caught()) {
            fields.put("steps", caught.steps());
            fields.put("token", caught.token());
        }
        return fields;
    }

    private void print(@Nullable Violation violation) {
        if (violation != null) {
            out.println();
            violation.lines().forEach(out::println);
            out.println();
        }
    }

    void verdict(MutantHunt.Verdict verdict) {
        if (!json) {
            out.printf(
                    "%-10s %-3d %-22s %-10s %-8s %6.2f s  %s%n",
                    verdict.domain().configName(),
                    verdict.mutant().site().number(),
                    verdict.mutant().site().name(),
                    instruction(verdict),
                    status(verdict),
                    verdict.nanos() / 1e9,
                    verdict.mutant().site().protects());
            out.flush();
        }
    }

    private static String status(MutantHunt.Verdict verdict) {
        if (verdict.need() == Need.HARMLESS) {
            return verdict.wrong() ? "MISSED" : "harmless";
        }
        return verdict.wrong() ? "SURVIVED" : "killed";
    }

    private static String instruction(MutantHunt.Verdict verdict) {
        return verdict.mutant().access() == Access.FENCE ? "fence" : "write-back";
    }

    void mutants(List<MutantHunt.Verdict> verdicts, List<PersistSite> never) {
        List<MutantHunt.Verdict> needed = verdicts.stream()
                .filter(verdict -> verdict.need() == Need.MISSED)
                .toList();
        long survived = needed.stream().filter(MutantHunt.Verdict::survived).count();
        int harmless = verdicts.size() - needed.size();
        long missed = verdicts.stream().filter(MutantHunt.Verdict::wrong).count() - survived;
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seed", seed);
            fields.put("domain", domain());
            fields.put("mutants", needed.size());
            fields.put("survived", survived);
            fields.put("harmless", harmless);
            fields.put("harmlessButMissed", missed);
            fields.put("neverReached", never.stream().map(PersistSite::name).toList());
            Map<String, Object> scores = new LinkedHashMap<>();
            for (PersistenceDomain domain : domains) {
                scores.put(
                        domain.name(),
                        List.of(
                                needed.stream()
                                        .filter(verdict -> verdict.domain() == domain && !verdict.survived())
                                        .count(),
                                needed.stream()
                                        .filter(verdict -> verdict.domain() == domain)
                                        .count()));
            }
            fields.put("killedOf", scores);
            fields.put("verdicts", verdicts.stream().map(ExploreReport::fields).toList());
            json(fields);
            return;
        }
        never.forEach(
                site -> out.printf("%-3d %-22s never reached: %s%n", site.number(), site.name(), site.protects()));
        for (PersistenceDomain domain : domains) {
            List<MutantHunt.Verdict> there = needed.stream()
                    .filter(verdict -> verdict.domain() == domain)
                    .toList();
            out.printf(
                    "mutants     %-10s %s%n",
                    domain.configName(),
                    there.isEmpty()
                            ? "none: no store is lost, so no instruction is missed"
                            : "%d of %d killed"
                                    .formatted(
                                            there.stream()
                                                    .filter(verdict -> !verdict.survived())
                                                    .count(),
                                            there.size()));
        }
        out.printf("harmless    %d switched off without harm, as is known of them; %d missed%n", harmless, missed);
        out.printf("sites       %d never reached%n", never.size());
        out.println(survived + missed == 0 ? "explore: ok" : "explore: SURVIVORS");
    }

    private static Map<String, Object> fields(MutantHunt.Verdict verdict) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("domain", verdict.domain().name());
        fields.put("site", verdict.mutant().site().number());
        fields.put("name", verdict.mutant().site().name());
        fields.put("instruction", instruction(verdict));
        fields.put("protects", verdict.mutant().site().protects());
        fields.put("harmless", verdict.need() == Need.HARMLESS);
        fields.put("killed", !verdict.survived());
        fields.put("byItsScenario", verdict.known());
        fields.put("seconds", Math.round(verdict.nanos() / 1e7) / 100.0);
        fields.put("runs", verdict.runs());
        return fields;
    }

    private void json(Map<String, Object> fields) {
        out.println(ConfigValueFactory.fromAnyRef(fields)
                .render(ConfigRenderOptions.concise().setFormatted(true))
                .stripTrailing());
    }
}
