// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.Seed;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Fault runs on a cluster that is right: nothing is found, and much has been done.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedFaultRunTest {
    @TempDir
    Path folder;

    @RepeatedTest(10)
    void nothingIsFound(RepetitionInfo repetition) {
        long seed = Seed.ofTest("EmbeddedFaultRunTest") + repetition.getCurrentRepetition();
        FaultPlan plan = FaultPlan.of(seed, new FaultPlan.Shape(1, 3, 300, 12));
        try (EmbeddedUnderFault cluster = new EmbeddedUnderFault(
                folder.resolve("arena"), seed, real -> (method, arguments, call) -> call.get())) {
            FaultRun.Result result = FaultRun.play(plan, cluster);
            assertThat(result.findings()).as(plan.toString()).isEmpty();
            assertThat(result.made())
                    .as("calls in a time that is short on a busy machine")
                    .isPositive();
        }
    }
}
