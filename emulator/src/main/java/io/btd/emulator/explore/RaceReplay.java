// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.canary.Canary;
import io.btd.emulator.crash.Mutant;
import io.btd.node.EmbeddedCluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One schedule again, crashed everywhere; with a bug planted, or an instruction switched off, if wanted.
///
/// @param domains whose losses are tried, one after the other
/// @param canary the planted bug, or null
/// @param without the instruction that is switched off, or null
record RaceReplay(
        RaceExploration.Schedule schedule,
        List<PersistenceDomain> domains,
        @Nullable Canary canary,
        @Nullable Mutant without) {

    /// Reads what was given on the command line.
    ///
    /// @throws InvalidConfig saying what cannot be read
    static RaceReplay parse(
            String token, List<PersistenceDomain> domains, @Nullable String planted, @Nullable String without) {
        RaceExploration.Schedule schedule;
        try {
            schedule = RaceExploration.Schedule.parse(token);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(String.valueOf(e.getMessage()), "copy it whole, as btd explore printed it");
        }
        Canary canary = planted == null ? null : Replay.canary(planted);
        Mutant mutant = without == null ? null : Replay.mutant(without);
        return new RaceReplay(
                schedule, domains, canary, canary != null && canary.mutant() != null ? canary.mutant() : mutant);
    }

    /// What is wrong in the first of the domains where something is, or null.
    @Nullable
    RaceViolation run() {
        Opening opening = canary == null ? EmbeddedCluster::open : CanaryHunt.opening(canary);
        return CanaryHunt.planted(without, () -> {
            for (PersistenceDomain domain : domains) {
                try (RaceExploration exploration = new RaceExploration(domain, 1, opening, () -> false)) {
                    exploration.explain();
                    RaceViolation violation = exploration.replay(schedule).violation();
                    if (violation != null) {
                        return violation;
                    }
                }
            }
            return null;
        });
    }
}
