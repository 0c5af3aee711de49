// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.Seed;
import io.btd.emulator.canary.Canary;
import io.btd.emulator.crash.CrashHook;
import io.btd.node.EmbeddedCluster;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Bugs of every kind, planted in front of the heap, are found by the search as it is, and shrink to a few steps that
/// go
/// wrong only with the bug.
class CanaryHuntCrashTest {
    private static final int LONGEST = 10;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @TestFactory
    Stream<DynamicTest> isCaught() {
        long seed = Seed.ofTest("CanaryHuntCrashTest");
        CanaryHunt hunt = new CanaryHunt(PersistenceDomain.CACHE_LINE, seed);
        return Arrays.stream(Canary.values()).map(canary -> dynamicTest(canary.text(), () -> isCaught(hunt, canary)));
    }

    private static void isCaught(CanaryHunt hunt, Canary canary) {
        CanaryHunt.Catch caught = hunt.hunt(canary, () -> false);
        System.out.printf(
                "%-20s %6.2f s %5d runs, %d steps: %s%n",
                canary.text(), caught.nanos() / 1e9, caught.runs(), caught.steps(), caught.token());
        assertThat(caught.steps()).isBetween(1, LONGEST);
        if (canary.races()) {
            assertThat(race(caught.token(), canary.text())).as("with the bug").isNotNull();
            assertThat(race(caught.token(), null)).as("without the bug").isNull();
            return;
        }
        Violation found = Objects.requireNonNull(caught.found());
        if (canary == Canary.LOG_DROPPED_EARLY) {
            boolean ofARecovery = found.crashes().size() == 2 || found.life() > 0;
            assertThat(ofARecovery).as("a crash of the recovery is needed").isTrue();
        }
        Replay again = Replay.parse(caught.token(), List.of(PersistenceDomain.CACHE_LINE), canary.text(), null);
        assertThat(again.run()).as("with the bug").isNotNull();
        assertThat(new Shrinker(PersistenceDomain.CACHE_LINE, EmbeddedCluster::open).replay(found.script()))
                .as("without the bug")
                .isNull();
    }

    private static @Nullable RaceViolation race(String token, @Nullable String planted) {
        return RaceReplay.parse(token, List.of(PersistenceDomain.CACHE_LINE), planted, null)
                .run();
    }
}
