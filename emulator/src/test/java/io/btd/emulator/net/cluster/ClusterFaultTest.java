// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.Seed;
import io.btd.emulator.net.FaultSuite;
import io.btd.emulator.net.Nodes;
import io.btd.emulator.net.fault.FaultPlan;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real nodes and real clients under faults; the checker of the history and the audit find nothing.
@Timeout(value = 10, unit = TimeUnit.HOURS)
class ClusterFaultTest {
    private static final int RUNS = 200;
    private static final int DEEP_RUNS = 20_000;

    @Test
    void seededRunsFindNothing() {
        long seed = Seed.ofTest("ClusterFaultTest");
        int runs = Seed.deep() ? DEEP_RUNS : RUNS;
        FaultSuite.Result result = FaultSuite.play(Nodes.OBJECTS, seed, runs, run -> {});
        FaultPlan last = result.last().plan();
        assertThat(result.last().findings())
                .as("replay: %s%n%s", Nodes.OBJECTS.replay(last.seed()), last)
                .isEmpty();
        assertThat(result.runs()).isEqualTo(runs);
        assertThat(result.made()).as("calls that were answered").isGreaterThan(50L * runs);
    }
}
