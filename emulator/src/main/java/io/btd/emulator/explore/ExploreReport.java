// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.btd.api.PersistenceDomain;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.io.PrintWriter;
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

    void explored(
            ParallelExploration.Result result,
            @Nullable Violation violation,
            @Nullable RaceViolation raced,
            int seconds) {
        int violations = (violation == null ? 0 : 1) + (raced == null ? 0 : 1);
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seed", seed);
            fields.put("domain", domain.name());
            fields.put("seconds", seconds);
            fields.put("runs", result.runs());
            fields.put("schedules", result.schedules());
            fields.put("crashPoints", result.points());
            fields.put("images", result.images());
            fields.put("recoveries", result.recoveries());
            fields.put("nestedRecoveries", result.nested());
            fields.put("distinctStates", result.distinct());
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
        out.printf("seed        %d, losing as %s does%n", seed, domain);
        out.printf("runs        %,d, and %,d schedules of threads%n", result.runs(), result.schedules());
        out.printf("crashes     %,d points, %,d images%n", result.points(), result.images());
        out.printf(
                "recoveries  %,d, of them %,d from a crash during a recovery%n", result.recoveries(), result.nested());
        out.printf("distinct    %,d states and promises%n", result.distinct());
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

    void replayed(Script script, @Nullable Violation violation) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("script", script.toString());
            fields.put("violations", violation == null ? 0 : 1);
            if (violation != null) {
                fields.put("violation", violation.lines());
            }
            json(fields);
            return;
        }
        print(violation);
        out.println(violation == null ? "explore: ok, nothing wrong with " + script : "explore: VIOLATION");
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
