// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import io.btd.emulator.net.history.Finding;
import io.btd.emulator.net.history.History;
import io.btd.emulator.net.history.HistoryChecker;
import io.btd.emulator.net.history.RecordedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// One plan played on a cluster: clients work while it is broken and mended; then everything is mended, the clients
/// leave, and an audit and the checker of the history judge. What is done follows from the seed; how the calls of
/// several clients and the faults meet does not.
public final class FaultRun {
    private static final int SETUP = -1;
    private static final int AUDIT = -2;
    private static final int GLUTTON = -3;

    private final FaultPlan plan;
    private final ClusterUnderFault cluster;
    private final History history = new History();
    private final Leftovers leftovers = new Leftovers();
    private final AtomicInteger begun = new AtomicInteger();
    private int limit;

    /// What a run came to.
    ///
    /// @param findings what a correct cluster does not do; empty for a good one
    /// @param made calls that were answered
    /// @param refused calls that ended with a typed error and had no effect
    /// @param unknown calls of which nobody knows
    public record Result(FaultPlan plan, List<Finding> findings, long made, long refused, long unknown) {
        /// Copies the list.
        public Result {
            findings = List.copyOf(findings);
        }
    }

    private FaultRun(FaultPlan plan, ClusterUnderFault cluster) {
        this.plan = plan;
        this.cluster = cluster;
    }

    /// Plays a plan. The cluster is empty before; it stays open.
    public static Result play(FaultPlan plan, ClusterUnderFault cluster) {
        return new FaultRun(plan, cluster).play();
    }

    private Result play() {
        Fixture fixture;
        Map<Integer, Long> own;
        BtdCluster first = cluster.connectPast();
        try (RecordedCluster setup = new RecordedCluster(first, history, SETUP)) {
            own = Balance.live(first.stat());
            fixture = Fixture.make(setup, cluster.nodes(), plan.shape().clients());
        }
        List<RecordedCluster> clients = new ArrayList<>();
        RecordedCluster hungry =
                new RecordedCluster(cluster.connect(plan.shape().clients()), history, GLUTTON);
        Glutton glutton = new Glutton(hungry, cluster.nodes());
        try {
            work(fixture, clients, glutton);
        } finally {
            cluster.mend();
            glutton.close();
            clients.forEach(RecordedCluster::close);
        }
        try (BtdCluster plain = cluster.connectPast()) {
            RecordedCluster recorded = new RecordedCluster(plain, history, AUDIT);
            new Audit(plain, recorded, fixture, history, leftovers, new Balance(own, keepers()), cluster.patience())
                    .run();
        }
        return new Result(plan, HistoryChecker.check(history), history.made(), history.refused(), history.unknown());
    }

    /// Nodes that died while others may have referred to their blocks: after that a node keeps whatever lies beside
    /// such a
    /// block, until all nodes collect together. A cluster of one node gives everything back.
    private Set<Integer> keepers() {
        if (cluster.nodes().size() == 1) {
            return Set.of();
        }
        return plan.steps().stream()
                .map(FaultPlan.Step::fault)
                .filter(Fault.Kill.class::isInstance)
                .map(kill -> cluster.nodes().get(((Fault.Kill) kill).node()))
                .collect(Collectors.toSet());
    }

    private void work(Fixture fixture, List<RecordedCluster> clients, Glutton glutton) {
        SplittableRandom seeds = new SplittableRandom(plan.seed() ^ 0x636c69656e7473L);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < plan.shape().clients(); i++) {
            RecordedCluster client = new RecordedCluster(cluster.connect(i), history, i);
            clients.add(client);
            ClientProgram program =
                    new ClientProgram(i, client, fixture, cluster.nodes(), history, leftovers, seeds.split());
            threads.add(Thread.ofVirtual().name("client-" + i).unstarted(() -> work(program)));
        }
        threads.forEach(Thread::start);
        try {
            plan.steps().forEach(step -> play(step, glutton));
        } finally {
            allow(Integer.MAX_VALUE);
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private void play(FaultPlan.Step step, Glutton glutton) {
        allow(step.call() + plan.shape().lead());
        awaitCalls(step.call());
        switch (step.fault()) {
            case Fault.Fill fill -> glutton.fill(fill.node());
            case Fault.Drain drain -> glutton.drain(drain.node());
            default -> cluster.inject(step.fault());
        }
    }

    private void work(ClientProgram program) {
        try {
            for (int i = 0; i < plan.shape().calls(); i++) {
                begun();
                program.step();
            }
        } catch (RuntimeException | Error e) {
            history.found(new Finding(Finding.Kind.UNTYPED_ERROR, "a client's program ended with " + e));
            begunAll();
            throw e;
        }
    }

    /// Waits as long as the clients are too far ahead of the faults.
    private void begun() {
        synchronized (begun) {
            while (begun.get() >= limit && awaitChange()) {
                // a fault is being injected
            }
            begun.incrementAndGet();
            begun.notifyAll();
        }
    }

    /// Lets the clients begin so many calls.
    private void allow(int calls) {
        synchronized (begun) {
            limit = calls;
            begun.notifyAll();
        }
    }

    private void begunAll() {
        synchronized (begun) {
            begun.set(Integer.MAX_VALUE / 2);
            begun.notifyAll();
        }
    }

    /// Waits until the clients have begun so many calls.
    private void awaitCalls(int calls) {
        int enough = Math.min(calls, plan.shape().allCalls());
        synchronized (begun) {
            while (begun.get() < enough && awaitChange()) {
                // the clients are at work
            }
        }
    }

    /// Whether it is not interrupted.
    private boolean awaitChange() {
        try {
            begun.wait();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
