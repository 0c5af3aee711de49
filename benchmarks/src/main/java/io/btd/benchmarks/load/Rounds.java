// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Measures all subjects in turns: in each round everybody has one slice, in an order of its own, so that what
/// else the machine does meanwhile hits all alike. A subject that fails, or hangs, is given up; the others go on.
/// All are open from the first to the last round, so that a turn is not spent on connecting.
public final class Rounds {
    private static final long PATIENCE_NANOS = 40_000_000_000L;

    private final Plan plan;
    private final RoundsObserver observer;
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Map<Contestant, List<Round>> rounds = new LinkedHashMap<>();
    private final Map<Contestant, String> failures = new LinkedHashMap<>();
    private int turns;

    /// Rounds as `plan` says.
    public Rounds(Plan plan, RoundsObserver observer) {
        this.plan = plan;
        this.observer = observer;
    }

    /// Opens, measures and closes all of them. Once only.
    ///
    /// @throws InterruptedException when this thread was interrupted; everything is closed
    public List<Outcome> run(List<Contestant> contestants) throws InterruptedException {
        contestants.forEach(contestant -> rounds.put(contestant, new ArrayList<>()));
        try (ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("guard").factory())) {
            try {
                measure(contestants, guard);
            } finally {
                contestants.forEach(contestant -> contestant.subject().close());
                guard.shutdownNow();
            }
        }
        return contestants.stream()
                .map(contestant -> new Outcome(
                        contestant.subject().what(),
                        rounds.getOrDefault(contestant, List.of()),
                        Optional.ofNullable(failures.get(contestant))))
                .toList();
    }

    private void measure(List<Contestant> contestants, ScheduledExecutorService guard) throws InterruptedException {
        int all = contestants.size() * (1 + plan.rounds());
        for (Contestant contestant : contestants) {
            attempt("warm-up", all, contestant, () -> {
                contestant.subject().open();
                slice(contestant, plan.warmUpNanos(), guard);
            });
        }
        Random random = new Random(plan.seed());
        for (int number = 1; number <= plan.rounds(); number++) {
            List<Contestant> order = new ArrayList<>(contestants);
            Collections.shuffle(order, random);
            for (Contestant contestant : order) {
                attempt(
                        "round " + number + " of " + plan.rounds(),
                        all,
                        contestant,
                        () -> rounds.getOrDefault(contestant, List.of())
                                .add(slice(contestant, plan.sliceNanos(), guard)));
            }
        }
    }

    private Round slice(Contestant contestant, long nanos, ScheduledExecutorService guard) throws Exception {
        Slice slice = new Slice(nanos);
        Future<?> hung = guard.schedule(contestant.subject()::close, nanos + PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        try {
            long client = process.getProcessCpuTime();
            long server = contestant.serverCpu().getAsLong();
            contestant.subject().run(slice);
            return new Round(
                    slice.latencies(),
                    slice.elapsed(),
                    process.getProcessCpuTime() - client,
                    contestant.serverCpu().getAsLong() - server);
        } finally {
            hung.cancel(false);
        }
    }

    private void attempt(String phase, int all, Contestant contestant, Turn turn) throws InterruptedException {
        Case what = contestant.subject().what();
        observer.turn(phase, turns++, all, what);
        if (failures.containsKey(contestant)) {
            return;
        }
        try {
            turn.take();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception failed) {
            String reason = String.valueOf(failed.getMessage());
            failures.put(contestant, reason);
            observer.failed(what, reason);
        }
    }

    @FunctionalInterface
    private interface Turn {
        void take() throws Exception;
    }
}
