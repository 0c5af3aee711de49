// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.Seed;
import io.btd.emulator.crash.CrashHook;
import io.btd.node.EmbeddedCluster;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The heap survives every crash the search can think of.
class ExplorerCrashTest {
    private static final int RUNS = Seed.deep() ? 200_000 : 250;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostAndNothingLeaks(PersistenceDomain domain) {
        long seed = Seed.ofTest("ExplorerCrashTest");
        try (Exploration exploration = new Exploration(domain, seed, EmbeddedCluster::open, () -> false)) {
            for (int run = 0; run < RUNS; run++) {
                Violation violation = exploration.next();
                assertThat(violation == null ? List.of() : violation.lines()).isEmpty();
            }
            assertThat(exploration.counts().recoveries()).isGreaterThan(RUNS);
            assertThat(exploration.counts().byDepth()).doesNotContain(0);
            assertThat(exploration.counts().byOperation()).containsKeys("small", "put", "copy", "free");
        }
    }

    /// What was found once, in the heap or in the checks themselves.
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                // what an exported run leads to is kept: no leak
                "CACHE_LINE 3acacef66c0c0481/wipe+node/large:33,export:1,large:10,link:48",
                "CACHE_LINE 22ae89fec94ddaa5/keep+node/~small:57,~export:39,small:43,link:13",
                // nothing is promised of the bytes of an opaque block nobody wrote to
                "CACHE_LINE 220ae45bcdfb49f6/wipe/large:45,put:17,copy:4,small:15,link:49",
                // what another thread goes on from has left the store buffer
                "EADR 6c13ba14e73530a9/keep/~large:58,once:13",
                "PAGE 49401cbf80ccfc39/keep/large:0,grow:0,small:6,put:0"
            })
    void whatWasFoundStaysMended(PersistenceDomain domain, String token) {
        try (Exploration exploration = new Exploration(domain, 1, EmbeddedCluster::open, () -> false)) {
            Violation violation = exploration.run(Script.parse(token));
            assertThat(violation == null ? List.of() : violation.lines()).isEmpty();
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
