// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashSearch.Seen;
import io.btd.emulator.crash.ImageHash;
import io.btd.emulator.crash.PersistCounts;
import io.btd.emulator.crash.SearchCounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Explorations side by side, each with a seed and a memory of its own, until one finds something or the time
/// is over. The first takes the short scripts and the scenarios, all take random ones; a share of the time goes
/// to schedules of threads. Each goes through the domains by turns; an image that any of them has recovered is
/// skipped by the others.
final class ParallelExploration {
    private static final long TELL_MILLIS = 200;
    /// For so many parts of scripts one of schedules.
    private static final int SCRIPTS_PER_SCHEDULES = 3;

    /// Of so many turns, one for each domain but the first; the rest for the first.
    private static final int TURNS = 6;

    private final List<PersistenceDomain> domains;
    private final Opening opening;
    private final long seed;
    private final Seen seen = Seen.nothing();
    private final AtomicReference<@Nullable Violation> found = new AtomicReference<>();
    private final AtomicReference<@Nullable RaceViolation> raced = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

    /// @param domains whose losses are modelled, the one that matters most first
    ParallelExploration(List<PersistenceDomain> domains, Opening opening, long seed) {
        this.domains = List.copyOf(domains);
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
            Map<PersistenceDomain, SearchCounts> counts,
            Map<PersistenceDomain, PersistCounts> persists,
            @Nullable Violation violation,
            @Nullable RaceViolation raced) {

        /// Of all domains together.
        SearchCounts total() {
            SearchCounts total = new SearchCounts();
            counts.values().forEach(total::add);
            return total;
        }
    }

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
                    told.accept(seen.states().size());
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
        long runs = 0;
        long schedules = 0;
        Map<PersistenceDomain, SearchCounts> counts = new EnumMap<>(PersistenceDomain.class);
        Map<PersistenceDomain, PersistCounts> persists = new EnumMap<>(PersistenceDomain.class);
        for (Worker worker : workers) {
            for (Exploration exploration : worker.explorations) {
                runs += exploration.runs();
                counts.computeIfAbsent(exploration.domain(), domain -> new SearchCounts())
                        .add(exploration.counts());
                persists.computeIfAbsent(exploration.domain(), domain -> new PersistCounts())
                        .add(exploration.persists());
            }
            for (RaceExploration race : worker.races) {
                schedules += race.schedules();
                counts.computeIfAbsent(race.domain(), domain -> new SearchCounts())
                        .add(race.counts());
            }
        }
        return new Result(runs, schedules, counts, persists, found.get(), raced.get());
    }

    private final class Worker implements Runnable {
        final int number;
        final BooleanSupplier over;
        final List<Exploration> explorations = new ArrayList<>();
        final List<RaceExploration> races = new ArrayList<>();
        private int turn;
        private int raceTurn;

        Worker(int number, BooleanSupplier over) {
            this.number = number;
            this.over = over;
        }

        @Override
        public void run() {
            try {
                begin();
                long scripting = 0;
                long racing = 0;
                while (!over.getAsBoolean()) {
                    long began = System.nanoTime();
                    if (racing * SCRIPTS_PER_SCHEDULES < scripting) {
                        raced.compareAndSet(null, of(races, raceTurn++).next());
                        racing += System.nanoTime() - began;
                    } else {
                        found.compareAndSet(null, of(explorations, turn++).next());
                        scripting += System.nanoTime() - began;
                    }
                }
            } catch (RuntimeException | Error e) {
                failed.compareAndSet(null, e);
            } finally {
                explorations.forEach(Exploration::close);
                races.forEach(RaceExploration::close);
            }
        }

        private void begin() {
            turn = number;
            raceTurn = number;
            for (PersistenceDomain domain : domains) {
                long own = ImageHash.mix(seed + number) + explorations.size();
                Exploration exploration = new Exploration(domain, own, opening, over, seen);
                explorations.add(exploration);
                RaceExploration race = new RaceExploration(domain, own, opening, over, seen);
                races.add(race);
                if (number > 0) {
                    exploration.onlyRandom();
                    race.onlyRandom();
                }
            }
        }

        private static <T> T of(List<T> domains, int turn) {
            int which = turn % TURNS;
            return domains.get(which < domains.size() ? which : 0);
        }
    }
}
