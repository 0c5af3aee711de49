// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.net.history.Finding;
import java.nio.file.Path;
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

    @ParameterizedTest
    @EnumSource
    void isFound(PlantedBug bug) {
        long seed = Seed.ofTest("CanaryTest " + bug);
        FaultPlan plan = FaultPlan.of(seed, new FaultPlan.Shape(1, 3, 300, 6));
        try (EmbeddedUnderFault cluster = new EmbeddedUnderFault(folder.resolve("arena"), seed, bug::plantedIn)) {
            FaultRun.Result result = FaultRun.play(plan, cluster);
            assertThat(result.findings())
                    .extracting(Finding::kind)
                    .as(plan.toString())
                    .contains(bug.found());
        }
    }
}
