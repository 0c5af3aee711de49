// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net;

import io.btd.emulator.net.fault.ClusterUnderFault;
import io.btd.emulator.net.fault.FaultPlan;
import io.btd.emulator.net.fault.FaultRun;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Many short runs, one after another, each on a new cluster: run number i plays the plan of seed + i.
public final class FaultSuite {
    private FaultSuite() {}

    /// What the runs came to together.
    ///
    /// @param runs that were played
    /// @param last the first with a finding, if there is one
    public record Result(int runs, long faults, long made, long refused, long unknown, FaultRun.Result last) {
        /// Whether nothing was found.
        public boolean isGood() {
            return last.findings().isEmpty();
        }
    }

    /// Plays up to `runs` plans; begins no more after the first with a finding.
    ///
    /// @param runs at least 1
    /// @param each is told of every run, one at a time
    public static Result play(Nodes nodes, long seed, int runs, Consumer<FaultRun.Result> each) {
        Tally tally = new Tally(each);
        AtomicInteger next = new AtomicInteger();
        Callable<Void> worker = () -> {
            int run;
            while (tally.isGood() && (run = next.getAndIncrement()) < runs) {
                FaultPlan plan = nodes.plan(seed + run);
                // A thread of its own: for as long as it lives it would keep the pools of every transport it used.
                FutureTask<FaultRun.Result> task = new FutureTask<>(() -> play(nodes, plan));
                Thread.ofPlatform().name("fault-run-" + plan.seed()).start(task);
                tally.add(task.get());
            }
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(nodes.sideBySide())) {
            for (Future<Void> done :
                    threads.invokeAll(Collections.nCopies(Math.min(nodes.sideBySide(), runs), worker))) {
                done.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run could not be played: " + e.getMessage(), e);
        }
        return tally.result();
    }

    /// What the runs came to so far. Thread-safe.
    private static final class Tally {
        private final Consumer<FaultRun.Result> each;
        private @Nullable Result sum;

        Tally(Consumer<FaultRun.Result> each) {
            this.each = each;
        }

        synchronized boolean isGood() {
            return sum == null || sum.isGood();
        }

        synchronized void add(FaultRun.Result run) {
            each.accept(run);
            long faults = run.plan().steps().size();
            Result before = sum;
            sum = before == null
                    ? new Result(1, faults, run.made(), run.refused(), run.unknown(), run)
                    : new Result(
                            before.runs() + 1,
                            before.faults() + faults,
                            before.made() + run.made(),
                            before.refused() + run.refused(),
                            before.unknown() + run.unknown(),
                            before.isGood() ? run : before.last());
        }

        synchronized Result result() {
            return Objects.requireNonNull(sum, "interrupted before the first run");
        }
    }

    private static FaultRun.Result play(Nodes nodes, FaultPlan plan) {
        try (ClusterUnderFault cluster = nodes.start(plan)) {
            return FaultRun.play(plan, cluster);
        } catch (RuntimeException failed) {
            throw new IllegalStateException(
                    "a run could not be played: again=" + nodes.replay(plan.seed()) + ", reason=" + failed, failed);
        }
    }
}
