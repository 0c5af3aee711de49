// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.net.FaultSuite;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real nodes and real clients under faults; the checker of the history and the audit find nothing.
class ClusterFaultTest {
    private static final int RUNS = 200;
    private static final int DEEP_RUNS = 20_000;

    @Test
    @Timeout(value = 10, unit = TimeUnit.HOURS)
    void seededRunsFindNothing() {
        long seed = Seed.ofTest("ClusterFaultTest");
        int runs = Seed.deep() ? DEEP_RUNS : RUNS;
        FaultSuite.Result result = FaultSuite.play(seed, runs, run -> {});
        assertThat(result.last().findings())
                .as(
                        "replay: btd faults --runs 1 --seed %d%n%s",
                        result.last().plan().seed(), result.last().plan())
                .isEmpty();
        assertThat(result.runs()).isEqualTo(runs);
        assertThat(result.made()).as("calls that were answered").isGreaterThan(50L * runs);
    }
}
