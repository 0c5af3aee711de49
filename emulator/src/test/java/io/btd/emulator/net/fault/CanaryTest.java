// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.Seed;
import io.btd.emulator.net.history.Finding;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A fault run finds every planted bug, among faults as everywhere.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CanaryTest {
    @TempDir
    Path folder;

    /// A short run may by chance not meet the bug where it shows.
    private static final int RUNS = 100;

    @ParameterizedTest
    @EnumSource
    void isFound(PlantedBug bug) {
        long seed = Seed.ofTest("CanaryTest " + bug);
        Set<Finding.Kind> found = EnumSet.noneOf(Finding.Kind.class);
        for (int run = 0; run < RUNS && !found.contains(bug.found()); run++) {
            FaultPlan plan = FaultPlan.of(seed + run, new FaultPlan.Shape(1, 3, 300, 6));
            try (EmbeddedUnderFault cluster =
                    new EmbeddedUnderFault(folder.resolve("arena-" + run), plan.seed(), bug::plantedIn)) {
                FaultRun.play(plan, cluster).findings().forEach(finding -> found.add(finding.kind()));
            }
        }
        assertThat(found).contains(bug.found());
    }
}
