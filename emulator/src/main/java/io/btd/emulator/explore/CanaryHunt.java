// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.canary.Canary;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.Mutant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Plants bugs, one at a time, and has the search find them and make them small: as it is, with the scripts and checks
/// that are for the heap itself. What is found counts when a recovery shows it; the rules stay out of it.
final class CanaryHunt {
    private final PersistenceDomain domain;
    private final long seed;

    CanaryHunt(PersistenceDomain domain, long seed) {
        this.domain = domain;
        this.seed = seed;
    }

    /// What became of one.
    ///
    /// @param found the shrunk script, or null
    /// @param raced the shrunk schedule of a race, or null; neither when the search missed the bug
    /// @param runs how many scripts or schedules it took
    /// @param nanos how long that took, without the shrinking
    record Catch(
            Canary canary,
            @Nullable Violation found,
            @Nullable RaceViolation raced,
            long runs,
            long nanos) {
        boolean caught() {
            return found != null || raced != null;
        }

        /// How many operations it took; 0 when it was missed.
        int steps() {
            if (raced != null) {
                return raced.race().steps();
            }
            return found == null ? 0 : found.script().steps().size();
        }

        /// What replays it; empty when it was missed.
        String token() {
            if (raced != null) {
                return raced.token();
            }
            return found == null ? "" : found.script().token();
        }
    }

    /// Hunts one until it is caught or `stop` says so.
    Catch hunt(Canary canary, BooleanSupplier stop) {
        return canary.races() ? race(canary, stop) : script(canary, stop);
    }

    private Catch race(Canary canary, BooleanSupplier stop) {
        long start = System.nanoTime();
        try (RaceExploration exploration = new RaceExploration(domain, seed, opening(canary), stop)) {
            RaceViolation violation = null;
            while (violation == null && !stop.getAsBoolean()) {
                violation = exploration.next();
            }
            long nanos = System.nanoTime() - start;
            RaceViolation small = violation == null ? null : RaceExploration.shrink(opening(canary), violation);
            return new Catch(canary, null, small, exploration.schedules(), nanos);
        }
    }

    private Catch script(Canary canary, BooleanSupplier stop) {
        long start = System.nanoTime();
        return planted(canary.mutant(), () -> {
            try (Exploration exploration = new Exploration(domain, seed, opening(canary), stop)) {
                exploration.withoutRules();
                Violation violation = null;
                while (violation == null && !stop.getAsBoolean()) {
                    violation = exploration.next();
                }
                long nanos = System.nanoTime() - start;
                Violation small = violation == null
                        ? null
                        : new Shrinker(domain, opening(canary)).withoutRules().shrink(violation);
                return new Catch(canary, small, null, exploration.runs(), nanos);
            }
        });
    }

    /// How the arena is opened with the bug in front of it.
    static Opening opening(Canary canary) {
        return (medium, zeroOnFree) -> canary.open(medium, Exploration.GEOMETRY, zeroOnFree);
    }

    /// Does something while an instruction is switched off.
    static <T> T planted(@Nullable Mutant mutant, java.util.function.Supplier<T> action) {
        CrashHook.mutate(mutant);
        try {
            return action.get();
        } finally {
            CrashHook.mutate(null);
        }
    }
}
