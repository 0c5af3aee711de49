// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Explorations side by side, each with a seed and a memory of its own, until one finds something or the
/// time is over. The first takes the short scripts and the scenarios, all take random ones; a share of the time goes to
/// schedules of threads.
final class ParallelExploration {
    private static final long TELL_MILLIS = 200;
    /// For so many parts of scripts one of schedules.
    private static final int SCRIPTS_PER_SCHEDULES = 3;

    private final PersistenceDomain domain;
    private final Opening opening;
    private final long seed;
    private final AtomicReference<@Nullable Violation> found = new AtomicReference<>();
    private final AtomicReference<@Nullable RaceViolation> raced = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

    ParallelExploration(PersistenceDomain domain, Opening opening, long seed) {
        this.domain = domain;
        this.opening = opening;
        this.seed = seed;
    }

    /// What all of them did together.
    ///
    /// @param schedules how many schedules of threads ran
    /// @param violation the first that was found, or null
    /// @param raced the first schedule with which something was wrong, or null
    record Result(
            long runs,
            long schedules,
            long points,
            long images,
            long recoveries,
            long nested,
            long distinct,
            @Nullable Violation violation,
            @Nullable RaceViolation raced) {}

    /// Explores on `threads` threads until `stop`, telling the recoveries so far now and then.
    Result run(int threads, BooleanSupplier stop, Consumer<Long> told) {
        BooleanSupplier over =
                () -> stop.getAsBoolean() || found.get() != null || raced.get() != null || failed.get() != null;
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(new Worker(i, over));
        }
        List<Thread> running = workers.stream()
                .map(worker -> Thread.ofPlatform()
                        .daemon()
                        .name("explorer-" + worker.number)
                        .start(worker))
                .toList();
        try {
            for (Thread thread : running) {
                while (!thread.join(java.time.Duration.ofMillis(TELL_MILLIS))) {
                    told.accept(workers.stream()
                            .mapToLong(worker -> worker.recoveries.get())
                            .sum());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Throwable failure = failed.get();
        if (failure != null) {
            throw new IllegalStateException("exploration failed: seed=" + seed, failure);
        }
        return sum(workers);
    }

    private Result sum(List<Worker> workers) {
        long[] sums = new long[7];
        for (Worker worker : workers) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += worker.sums[i];
            }
        }
        return new Result(sums[0], sums[6], sums[1], sums[2], sums[3], sums[4], sums[5], found.get(), raced.get());
    }

    private final class Worker implements Runnable {
        final int number;
        final BooleanSupplier over;
        final AtomicLong recoveries = new AtomicLong();
        long[] sums = new long[7];

        Worker(int number, BooleanSupplier over) {
            this.number = number;
            this.over = over;
        }

        @Override
        public void run() {
            try (Exploration exploration = new Exploration(domain, seed + number, opening, over);
                    RaceExploration races = new RaceExploration(domain, seed + number, opening, over)) {
                if (number > 0) {
                    exploration.onlyRandom();
                    races.onlyRandom();
                }
                long scripting = 0;
                long racing = 0;
                while (!over.getAsBoolean()) {
                    long began = System.nanoTime();
                    if (racing * SCRIPTS_PER_SCHEDULES < scripting) {
                        RaceViolation violation = races.next();
                        if (violation != null) {
                            raced.compareAndSet(null, violation);
                        }
                        racing += System.nanoTime() - began;
                        continue;
                    }
                    Violation violation = exploration.next();
                    if (violation != null) {
                        found.compareAndSet(null, violation);
                    }
                    recoveries.set(
                            exploration.counts().recoveries() + races.counts().recoveries());
                    scripting += System.nanoTime() - began;
                }
                var counts = exploration.counts();
                var more = races.counts();
                sums = new long[] {
                    exploration.runs(),
                    counts.points() + more.points(),
                    counts.images() + more.images(),
                    counts.recoveries() + more.recoveries(),
                    counts.nested() + more.nested(),
                    counts.distinct() + more.distinct(),
                    races.schedules()
                };
            } catch (RuntimeException | Error e) {
                failed.compareAndSet(null, e);
            }
        }
    }
}
