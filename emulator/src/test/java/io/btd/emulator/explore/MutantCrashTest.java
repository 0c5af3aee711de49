// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.Mutant;
import io.btd.node.EmbeddedCluster;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every write-back and every fence is needed, and the search notices when it is missing.
class MutantCrashTest {
    private static final int PATIENCE = Seed.deep() ? 100_000 : 4_000;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @Test
    void everySiteIsReachedAndMissed() {
        long seed = Seed.ofTest("MutantCrashTest");
        MutantHunt hunt = new MutantHunt(PersistenceDomain.CACHE_LINE, EmbeddedCluster::open, seed);
        Set<Mutant> executed = hunt.executed(MutantHunt.CENSUS_RUNS);
        assertThat(MutantHunt.neverReached(executed)).isEmpty();
        assertThat(hunt.hunt(executed, new MutantHunt.Patience(PATIENCE, Long.MAX_VALUE), verdict -> {}))
                .filteredOn(MutantHunt.Verdict::survived)
                .isEmpty();
    }
}
