// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.emulator.Seed;
import io.btd.emulator.net.Nodes;
import io.btd.emulator.net.history.Finding;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A run on node processes finds a bug that is planted between them and the clients.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ProcessCanaryTest {
    /// A short run may by chance not meet the bug where it shows.
    private static final int RUNS = 20;

    /// The clients of `real`, all behind one filter.
    private record Spoilt(ClusterUnderFault real, CallFilter bug) implements ClusterUnderFault {
        @Override
        public List<Integer> nodes() {
            return real.nodes();
        }

        @Override
        public BtdCluster connect(int client) {
            return FilteredCluster.of(real.connect(client), bug);
        }

        @Override
        public BtdCluster connectPast() {
            return FilteredCluster.of(real.connectPast(), bug);
        }

        @Override
        public void inject(Fault fault) {
            real.inject(fault);
        }

        @Override
        public Duration patience() {
            return real.patience();
        }

        @Override
        public void mend() {
            real.mend();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @Test
    void aLostWriteIsFound() {
        PlantedBug bug = PlantedBug.LOST_WRITE;
        long seed = Seed.ofTest("ProcessCanaryTest " + bug) | 1;
        Set<Finding.Kind> found = EnumSet.noneOf(Finding.Kind.class);
        for (int run = 0; run < RUNS && !found.contains(bug.found()); run++) {
            FaultPlan plan = Nodes.PROCESSES.plan(seed + 2L * run);
            try (ClusterUnderFault real = Nodes.PROCESSES.start(plan);
                    BtdCluster behind = real.connectPast()) {
                FaultRun.play(plan, new Spoilt(real, bug.plantedIn(behind)))
                        .findings()
                        .forEach(finding -> found.add(finding.kind()));
            }
        }
        assertThat(found).contains(bug.found());
    }
}
