// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashHook;
import io.btd.node.EmbeddedCluster;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The heap survives every crash the search can think of.
class ExplorerCrashTest {
    private static final int RUNS = Seed.deep() ? 200_000 : 400;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @ParameterizedTest
    @EnumSource(
            value = PersistenceDomain.class,
            names = {"CACHE_LINE", "EADR", "PROCESS"})
    void nothingIsLostAndNothingLeaks(PersistenceDomain domain) {
        long seed = Seed.ofTest("ExplorerCrashTest");
        try (Exploration exploration = new Exploration(domain, seed, EmbeddedCluster::open, () -> false)) {
            for (int run = 0; run < RUNS; run++) {
                Violation violation = exploration.next();
                assertThat(violation == null ? List.of() : violation.lines()).isEmpty();
            }
            assertThat(exploration.counts().recoveries()).isGreaterThan(RUNS);
            assertThat(exploration.counts().nested()).isPositive();
        }
    }

    @Test
    void aTokenReplaysTheSame() {
        Script script = Script.parse("7b/keep/small:0,put:1,~copy:1,crash:0,~add:3");
        assertThat(script.token()).isEqualTo("7b/keep/small:0,put:1,~copy:1,crash:0,~add:3");
        long first = recoveries(script);
        assertThat(recoveries(script)).isEqualTo(first).isGreaterThan(10);
    }

    private static long recoveries(Script script) {
        try (Exploration exploration =
                new Exploration(PersistenceDomain.CACHE_LINE, 1, EmbeddedCluster::open, () -> false)) {
            assertThat(exploration.run(script)).isNull();
            return exploration.counts().recoveries();
        }
    }
}
