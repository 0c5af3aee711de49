// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.Seed;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.Mutant;
import io.btd.emulator.crash.PersistCounts;
import io.btd.log.LogSite;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.MemoryHook;
import io.btd.pmem.PersistSite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every write-back and every fence is needed, and the search notices when it is missing.
class MutantCrashTest {
    private static final int CENSUS_RUNS = Seed.deep() ? MutantHunt.CENSUS_RUNS : 250;
    private static final int PATIENCE = Seed.deep() ? 100_000 : 4_000;

    private static final int IN_VAIN = Seed.deep() ? 20_000 : 25;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @Test
    void aViolationShrinksAndReplays() {
        CrashHook.mutate(new Mutant(LogSite.RECORD, MemoryHook.Access.FENCE));
        try (Exploration exploration =
                new Exploration(PersistenceDomain.CACHE_LINE, 5, EmbeddedCluster::open, () -> false)) {
            exploration.onlyRandom();
            exploration.withoutRules();
            Violation violation = null;
            for (int run = 0; run < PATIENCE && violation == null; run++) {
                violation = exploration.next();
            }
            Shrinker shrinker = new Shrinker(PersistenceDomain.CACHE_LINE, EmbeddedCluster::open);
            Violation shortest = shrinker.shrink(Objects.requireNonNull(violation));
            assertThat(shortest.script().steps()).hasSizeLessThanOrEqualTo(5);
            assertThat(shortest.lines()).anyMatch(line -> line.startsWith("crash "));
            assertThat(shrinker.replay(Script.parse(shortest.script().token()))).isNotNull();
            System.out.println(String.join("\n", shortest.lines()));
        } finally {
            CrashHook.mutate(null);
        }
    }

    @Test
    void everySiteIsReachedAndMissed() {
        long seed = Seed.ofTest("MutantCrashTest");
        MutantHunt hunt = new MutantHunt(EmbeddedCluster::open, seed);
        Set<Mutant> executed = hunt.executed(CENSUS_RUNS);
        assertThat(MutantHunt.neverReached(executed)).isEmpty();
        var patience = new MutantHunt.Patience(PATIENCE, Long.MAX_VALUE, IN_VAIN);
        assertThat(hunt.hunt(executed, MutantHunt.DOMAINS, patience, verdict -> {}))
                .hasSizeGreaterThan(executed.size())
                .filteredOn(MutantHunt.Verdict::wrong)
                .isEmpty();
    }

    @Test
    void whatIsSaidToLeaveTheSameImagesDoes() {
        Map<PersistSite, long[]> fences = new HashMap<>();
        try (Exploration exploration = new Exploration(
                PersistenceDomain.EADR, Seed.ofTest("MutantCrashTest"), EmbeddedCluster::open, () -> false)) {
            for (PersistSite site : MutantHunt.sites()) { // so that each is executed, whatever else is
                Script known = Killers.of(PersistenceDomain.CACHE_LINE, new Mutant(site, MemoryHook.Access.FENCE));
                assertThat(known == null ? null : exploration.run(known)).isNull();
            }
            for (int run = 0; run < CENSUS_RUNS; run++) {
                assertThat(exploration.next()).isNull();
            }
            for (PersistCounts.Count count : exploration.persists().all()) {
                long[] sum = fences.computeIfAbsent(count.site(), site -> new long[2]);
                sum[0] += count.fences() - count.idleFences();
                sum[1] += count.missableFences();
            }
        }
        assertThat(MutantHunt.sites())
                .filteredOn(site -> Killers.need(PersistenceDomain.EADR, new Mutant(site, MemoryHook.Access.FENCE))
                        == Killers.Need.SAME_IMAGES)
                .isNotEmpty()
                .allSatisfy(site -> {
                    long[] sum = fences.getOrDefault(site, new long[2]);
                    assertThat(sum[0]).as("executed: %s", site).isPositive();
                    assertThat(sum[1]).as("leave other images: %s", site).isZero();
                });
    }

    @Test
    void nothingIsMissedWhereNoStoreIsLost() {
        MutantHunt hunt = new MutantHunt(EmbeddedCluster::open, 1);
        Set<Mutant> one = Set.of(new Mutant(LogSite.RECORD, MemoryHook.Access.FENCE));
        var patience = new MutantHunt.Patience(1, Long.MAX_VALUE, 1);
        assertThat(hunt.hunt(one, List.of(PersistenceDomain.PROCESS), patience, verdict -> {}))
                .isEmpty();
    }
}
