// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.report.JsonReport;
import io.btd.emulator.report.TextReport;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `btd explore` prints, for people or as JSON.
final class ExploreReport {
    private final PrintWriter out;
    private final boolean json;
    private final long seed;
    private final PersistenceDomain domain;

    ExploreReport(PrintWriter out, boolean json, long seed, PersistenceDomain domain) {
        this.out = out;
        this.json = json;
        this.seed = seed;
        this.domain = domain;
    }

    void explored(ParallelExploration.Result result, @Nullable Violation violation, int seconds) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seed", seed);
            fields.put("domain", domain.name());
            fields.put("seconds", seconds);
            fields.put("runs", result.runs());
            fields.put("crashPoints", result.points());
            fields.put("images", result.images());
            fields.put("recoveries", result.recoveries());
            fields.put("nestedRecoveries", result.nested());
            fields.put("distinctStates", result.distinct());
            fields.put("violations", violation == null ? 0 : 1);
            if (violation != null) {
                fields.put("violation", violation.lines());
            }
            json(fields);
            return;
        }
        out.printf("seed        %d, losing as %s does%n", seed, domain);
        out.printf("runs        %,d%n", result.runs());
        out.printf("crashes     %,d points, %,d images%n", result.points(), result.images());
        out.printf(
                "recoveries  %,d, of them %,d from a crash during a recovery%n", result.recoveries(), result.nested());
        out.printf("distinct    %,d states and promises%n", result.distinct());
        out.printf("violations  %s%n", violation == null ? "0" : "1 (the search ends at the first)");
        print(violation);
        out.println(violation == null ? "explore: ok" : "explore: VIOLATION");
    }

    /// @param page where it was drawn, or null
    void replayed(Replay replay, @Nullable Violation violation, @Nullable Path page) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("script", replay.script().toString());
            fields.put("replay", replay.command());
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
            out.printf("%-20s %8s %8s %6s  %s%n", "canary", "found in", "scripts", "steps", "shrunk to");
        }
    }

    void canary(CanaryHunt.Catch caught) {
        if (!json) {
            Violation found = caught.found();
            out.printf(
                    "%-20s %6.2f s %,8d %6s  %s%n",
                    caught.canary().text(),
                    caught.nanos() / 1e9,
                    caught.runs(),
                    found == null ? "" : found.script().steps().size(),
                    found == null
                            ? "MISSED: " + caught.canary().bug()
                            : found.script().token());
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
        Violation found = caught.found();
        fields.put("canary", caught.canary().text());
        fields.put("bug", caught.canary().bug());
        fields.put("found", found != null);
        fields.put("seconds", Math.round(caught.nanos() / 1e7) / 100.0);
        fields.put("runs", caught.runs());
        if (found != null) {
            fields.put("steps", found.script().steps().size());
            fields.put("token", found.script().token());
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
                    "%-3d %-22s %-10s %-8s %6.2f s  %s%n",
                    verdict.mutant().site().number(),
                    verdict.mutant().site().name(),
                    instruction(verdict),
                    verdict.survived() ? "SURVIVED" : "killed",
                    verdict.nanos() / 1e9,
                    verdict.mutant().site().protects());
            out.flush();
        }
    }

    private static String instruction(MutantHunt.Verdict verdict) {
        return verdict.mutant().access() == Access.FENCE ? "fence" : "write-back";
    }

    void mutants(List<MutantHunt.Verdict> verdicts, List<PersistSite> never) {
        long survived = verdicts.stream().filter(MutantHunt.Verdict::survived).count();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seed", seed);
            fields.put("domain", domain.name());
            fields.put("mutants", verdicts.size());
            fields.put("survived", survived);
            fields.put("neverReached", never.stream().map(PersistSite::name).toList());
            fields.put("verdicts", verdicts.stream().map(ExploreReport::fields).toList());
            json(fields);
            return;
        }
        never.forEach(
                site -> out.printf("%-3d %-22s never reached: %s%n", site.number(), site.name(), site.protects()));
        out.printf(
                "mutants     %d killed, %d survived, %d sites never reached%n",
                verdicts.size() - survived, survived, never.size());
        out.println(survived == 0 ? "explore: ok" : "explore: SURVIVORS");
    }

    private static Map<String, Object> fields(MutantHunt.Verdict verdict) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("site", verdict.mutant().site().number());
        fields.put("name", verdict.mutant().site().name());
        fields.put("instruction", instruction(verdict));
        fields.put("protects", verdict.mutant().site().protects());
        fields.put("killed", !verdict.survived());
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
