// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Finding;
import java.util.List;

/// A script with which something was lost, leaked or answered wrongly.
///
/// @param domain whose losses were modelled
/// @param script what was done
/// @param life which life of the program, counted from 0; a new one begins after each crash of the script
/// @param what what is wrong
/// @param promised what was owed; empty where a call answered wrongly without a crash
/// @param crashes the crash, and those during its recovery
record Violation(
        PersistenceDomain domain, Script script, int life, String what, String promised, List<Finding.Crash> crashes) {

    static Violation of(PersistenceDomain domain, Script script, int life, Finding finding) {
        return new Violation(
                domain, script, life, finding.what(), finding.promise().toString(), finding.crashes());
    }

    /// Several lines for people.
    List<String> lines() {
        List<String> lines = new java.util.ArrayList<>();
        lines.add("script    " + script + (life > 0 ? "   (in life " + (life + 1) + ")" : ""));
        lines.add("owed      " + (promised.isEmpty() ? "the right answer" : promised));
        lines.add("found     " + what);
        for (int depth = 0; depth < crashes.size(); depth++) {
            Finding.Crash crash = crashes.get(depth);
            lines.add("crash     " + crash.where() + (depth == 0 ? "" : "  of the recovery"));
            if (crash.lost().isEmpty()) {
                lines.add("  lost    nothing");
            }
            crash.lost().forEach(lost -> lines.add("  lost    " + lost));
        }
        lines.add("replay    btd explore --domain " + domain.configName() + " --replay " + script.token());
        return lines;
    }
}
