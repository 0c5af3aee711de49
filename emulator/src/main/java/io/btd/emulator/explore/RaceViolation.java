// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Finding;
import io.btd.emulator.schedule.Outcome;
import io.btd.emulator.schedule.Policy;
import java.util.ArrayList;
import java.util.List;

/// A schedule with which something was lost, granted twice or never ended.
///
/// @param domain whose losses were modelled
/// @param race what the threads did
/// @param policy that leads there again
/// @param first the thread that began
/// @param switches where the turn changed hands
/// @param what what is wrong
/// @param promised what was owed; empty where something was wrong without a crash
/// @param crashes the crash, and those during its recovery
record RaceViolation(
        PersistenceDomain domain,
        Race race,
        Policy policy,
        int first,
        List<Outcome.Switch> switches,
        String what,
        String promised,
        List<Finding.Crash> crashes) {

    /// How tokens of schedules begin.
    static final String TOKEN = "schedule/";

    /// One word that replays it.
    String token() {
        return TOKEN + race + "/" + policy.token();
    }

    /// Several lines for people.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int thread = 0; thread < race.threads().size(); thread++) {
            lines.add((thread == 0 ? "schedule  " : "          ") + "thread " + thread + ": "
                    + race.threads().get(thread)
                    + (race.tight() && thread == 0 ? "   (in an arena that is almost full)" : ""));
        }
        for (Outcome.Switch each : switches) {
            lines.add("switch    at point " + each.step() + " to thread " + each.to()
                    + (each.where().isEmpty() ? "" : ", from " + each.where()));
        }
        lines.add("owed      " + (promised.isEmpty() ? "the right answer" : promised));
        lines.add("found     " + what);
        for (int depth = 0; depth < crashes.size(); depth++) {
            Finding.Crash crash = crashes.get(depth);
            lines.add("crash     " + crash.where() + (depth == 0 ? "" : "  of the recovery"));
            crash.lost().forEach(lost -> lines.add("  lost    " + lost));
        }
        lines.add("replay    btd explore --domain " + domain.configName() + " --replay " + token());
        return lines;
    }
}
