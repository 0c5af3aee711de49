// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net;

import io.btd.emulator.net.cluster.InProcessCluster;
import io.btd.emulator.net.cluster.ProcessCluster;
import io.btd.emulator.net.fault.ClusterUnderFault;
import io.btd.emulator.net.fault.FaultPlan;
import java.time.Duration;

/// What the nodes of a fault run are, and how large the run is for that. Even seeds are for three nodes; odd ones for
/// one, which must give back everything whatever happens to it.
@SuppressWarnings("ImmutableEnumChecker") // shapes are records of numbers, which their type does not say
public enum Nodes {
    /// Objects in this process: thousands of faults a minute.
    OBJECTS(new FaultPlan.Shape(3, 3, 60, 8), new FaultPlan.Shape(1, 3, 60, 8), Duration.ofMillis(750), 6, "") {
        @Override
        public ClusterUnderFault start(FaultPlan plan) {
            return new InProcessCluster(plan.shape().nodes(), lease(), plan.seed());
        }
    },

    /// `btd node` processes and a real ZooKeeper: what signals, page cache and sockets of the system do to them.
    PROCESSES(
            new FaultPlan.Shape(3, 3, 100, 8, 30),
            new FaultPlan.Shape(1, 3, 100, 8, 30),
            Duration.ofMillis(1500),
            2,
            " --processes") {
        @Override
        public ClusterUnderFault start(FaultPlan plan) {
            return new ProcessCluster(plan.shape().nodes(), lease(), plan.seed());
        }
    };

    private final FaultPlan.Shape many;
    private final FaultPlan.Shape one;
    private final Duration lease;
    private final int sideBySide;
    private final String option;

    Nodes(FaultPlan.Shape many, FaultPlan.Shape one, Duration lease, int sideBySide, String option) {
        this.many = many;
        this.one = one;
        this.lease = lease;
        this.sideBySide = sideBySide;
        this.option = option;
    }

    /// The plan of a seed.
    public FaultPlan plan(long seed) {
        return FaultPlan.of(seed, seed % 2 == 0 ? many : one);
    }

    /// Starts a cluster that a plan can be played on.
    public abstract ClusterUnderFault start(FaultPlan plan);

    /// How many runs are worth playing at the same time.
    int sideBySide() {
        return sideBySide;
    }

    Duration lease() {
        return lease;
    }

    /// The command that plays the plan of a seed again.
    public String replay(long seed) {
        return "btd faults" + option + " --runs 1 --seed " + seed;
    }
}
