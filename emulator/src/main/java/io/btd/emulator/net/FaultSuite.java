// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net;

import io.btd.emulator.net.cluster.InProcessCluster;
import io.btd.emulator.net.fault.FaultPlan;
import io.btd.emulator.net.fault.FaultRun;
import java.time.Duration;
import java.util.function.Consumer;

/// Many short runs, one after another, each on a new cluster of nodes in this process: run number i plays the plan of
/// seed + i.
public final class FaultSuite {
    private static final FaultPlan.Shape MANY = new FaultPlan.Shape(3, 3, 60, 8);
    private static final FaultPlan.Shape ONE = new FaultPlan.Shape(1, 3, 60, 8);
    private static final Duration LEASE = Duration.ofMillis(750);

    private FaultSuite() {}

    /// What the runs came to together.
    ///
    /// @param runs that were played, the last included, which is the first with a finding if there is one
    public record Result(int runs, long faults, long made, long refused, long unknown, FaultRun.Result last) {
        /// Whether nothing was found.
        public boolean isGood() {
            return last.findings().isEmpty();
        }
    }

    /// The plan of a seed. Even ones are for three nodes; odd ones for one, which must give back everything
    /// whatever happens to it.
    public static FaultPlan plan(long seed) {
        return FaultPlan.of(seed, seed % 2 == 0 ? MANY : ONE);
    }

    /// Plays up to `runs` plans; stops at the first with a finding.
    ///
    /// @param runs at least 1
    /// @param each is told of every run
    public static Result play(long seed, int runs, Consumer<FaultRun.Result> each) {
        Result all = null;
        int run = 0;
        do {
            FaultRun.Result result = play(plan(seed + run));
            each.accept(result);
            run++;
            all = new Result(
                    run,
                    (all == null ? 0 : all.faults()) + result.plan().steps().size(),
                    (all == null ? 0 : all.made()) + result.made(),
                    (all == null ? 0 : all.refused()) + result.refused(),
                    (all == null ? 0 : all.unknown()) + result.unknown(),
                    result);
        } while (all.isGood() && run < runs);
        return all;
    }

    private static FaultRun.Result play(FaultPlan plan) {
        try (InProcessCluster cluster = new InProcessCluster(plan.shape().nodes(), LEASE, plan.seed())) {
            return FaultRun.play(plan, cluster);
        }
    }
}
