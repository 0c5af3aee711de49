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

/// Node processes under signals and faults of their links; the checker of the history and the audit find nothing.
@Timeout(value = 10, unit = TimeUnit.HOURS)
class ProcessFaultTest {
    private static final int RUNS = 2;
    private static final int DEEP_RUNS = 200;

    @Test
    void seededRunsFindNothing() {
        long seed = Seed.ofTest("ProcessFaultTest");
        int runs = Seed.deep() ? DEEP_RUNS : RUNS;
        FaultSuite.Result result = FaultSuite.play(Nodes.PROCESSES, seed, runs, run -> {});
        FaultPlan last = result.last().plan();
        assertThat(result.last().findings())
                .as("replay: %s%n%s", Nodes.PROCESSES.replay(last.seed()), last)
                .isEmpty();
        assertThat(result.runs()).isEqualTo(runs);
        assertThat(result.made()).as("calls that were answered").isGreaterThan(50L * runs);
    }
}
