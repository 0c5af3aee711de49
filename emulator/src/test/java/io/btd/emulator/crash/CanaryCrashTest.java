// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.btd.api.PersistenceDomain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The search finds planted bugs, and nothing where there is none.
class CanaryCrashTest {

    private static Map<String, Function<Boolean, Canary>> canaries() {
        Map<String, Function<Boolean, Canary>> canaries = new LinkedHashMap<>();
        canaries.put("missing flush", p -> new PublishCanary(PublishCanary.Bug.NO_WRITE_BACK, p));
        canaries.put("missing fence before publish", p -> new PublishCanary(PublishCanary.Bug.NO_FENCE, p));
        canaries.put("published slot not flushed", p -> new PublishCanary(PublishCanary.Bug.SLOT_NOT_WRITTEN_BACK, p));
        canaries.put("CAS taken for a fence", p -> new PublishCanary(PublishCanary.Bug.CAS_AS_FENCE, p));
        canaries.put("bit cleared before the reference", FreeCanary::new);
        canaries.put("unretired record over newer data", ReplayCanary::new);
        canaries.put("recovery that drops its log early", RecoveryCanary::new);
        return canaries;
    }

    @TestFactory
    Stream<DynamicTest> findsWhatIsPlanted() {
        return canaries().entrySet().stream()
                .map(canary -> dynamicTest(
                        canary.getKey(),
                        () -> assertThat(canary.getValue().apply(true).search(PersistenceDomain.CACHE_LINE))
                                .isNotNull()));
    }

    @TestFactory
    Stream<DynamicTest> findsNothingElse() {
        return canaries().entrySet().stream()
                .map(canary -> dynamicTest(
                        canary.getKey(),
                        () -> assertThat(canary.getValue().apply(false).search(PersistenceDomain.CACHE_LINE))
                                .isNull()));
    }

    @Test
    void processCrashLosesNoStore() {
        Canary forgotten = new PublishCanary(PublishCanary.Bug.NO_WRITE_BACK, true);
        assertThat(forgotten.search(PersistenceDomain.PROCESS)).isNull();
        Canary order = new FreeCanary(true);
        assertThat(order.search(PersistenceDomain.PROCESS)).isNotNull();
    }

    @Test
    void recoveryBugNeedsASecondCrash() {
        Finding finding = new RecoveryCanary(true).search(PersistenceDomain.CACHE_LINE);
        assertThat(Objects.requireNonNull(finding).crashes()).hasSize(2);
    }

    @Test
    void mutantsOfACorrectProgramAreKilled() {
        for (CanarySite site : new CanarySite[] {CanarySite.DATA, CanarySite.PUBLISH}) {
            for (var access : new io.btd.pmem.MemoryHook.Access[] {
                io.btd.pmem.MemoryHook.Access.WRITE_BACK, io.btd.pmem.MemoryHook.Access.FENCE
            }) {
                CrashHook.mutate(new Mutant(site, access));
                try {
                    Canary canary = new PublishCanary(PublishCanary.Bug.NO_FENCE, false);
                    assertThat(canary.search(PersistenceDomain.CACHE_LINE))
                            .as("%s %s", site, access)
                            .isNotNull();
                } finally {
                    CrashHook.mutate(null);
                }
            }
        }
    }
}
