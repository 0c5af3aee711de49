// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.Full;
import io.btd.api.PersistenceDomain;
import io.btd.api.ScanKind;
import io.btd.emulator.crash.CrashSearch;
import io.btd.emulator.crash.CrashSearch.Seen;
import io.btd.emulator.crash.Finding;
import io.btd.emulator.crash.ImageHash;
import io.btd.emulator.crash.Recorder;
import io.btd.emulator.crash.SearchCounts;
import io.btd.emulator.schedule.Outcome;
import io.btd.emulator.schedule.Policy;
import io.btd.emulator.schedule.Scheduler;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Runs races under the scheduler, each on the same small arena with a table of words: no block may be granted twice,
/// the answers must be those of some order, the count of live blocks must be right before and after everything is
/// freed, and the arena must be sound when it is opened again. The trace of all threads is then crashed.
///
/// Reused; confined to one thread.
final class RaceProgram implements AutoCloseable {
    private static final UUID ARENA = new UUID(0x6274, 2);
    private static final int POINTS = 20_000;
    private static final int VICTIM_BYTES = 320;
    private static final int TABLE_BYTES = 64;
    private static final int HOG_BYTES = 520;
    private static final int UNITS_LEFT = 3;

    private final Geometry geometry;
    private final Recorder recorder;
    private final CrashSearch search;
    private final HeapCheck check;
    private final Opening opening;
    private final Scheduler scheduler = new Scheduler(Race.MOST, POINTS);
    private final long[] base;
    private long table;
    private long target;
    private long recoveriesAllowed = Long.MAX_VALUE;

    RaceProgram(Geometry geometry, PersistenceDomain domain, Opening opening, BooleanSupplier stop) {
        this(geometry, domain, opening, stop, Seen.nothing());
    }

    /// One that skips the images that others have recovered.
    RaceProgram(Geometry geometry, PersistenceDomain domain, Opening opening, BooleanSupplier stop, Seen seen) {
        this.geometry = geometry;
        this.opening = opening;
        check = new HeapCheck(opening, geometry);
        recorder = new Recorder(geometry.mediumBytes(), domain);
        search = new CrashSearch(geometry.mediumBytes(), domain, check, () -> stop.getAsBoolean() || enough(), seen);
        search.withoutRules();
        recorder.layAll(new long[recorder.words()]);
        ArenaFile.format(recorder.medium(), geometry, 1, 1, ARENA);
        try (BtdCluster cluster = opening.open(recorder.medium(), false)) {
            table = cluster.malloc(TABLE_BYTES, Alloc.POINTERS);
            cluster.roots().put(RaceLedger.TABLE, table);
            target = cluster.malloc(RaceLedger.COPY_BYTES, Alloc.OPAQUE);
            cluster.memcpy(target, MemorySegment.ofArray(new byte[RaceLedger.COPY_BYTES]));
            cluster.roots().put(RaceLedger.TARGET, target);
        }
        base = recorder.image();
        recorder.explain(true);
    }

    private boolean enough() {
        return search.counts().recoveries() >= recoveriesAllowed;
    }

    /// Which domain's losses are modelled.
    PersistenceDomain domain() {
        return search.domain();
    }

    SearchCounts counts() {
        return search.counts();
    }

    /// From here on findings say where the threads were.
    void explain() {
        scheduler.explain();
    }

    /// What a race came to.
    record Result(Outcome outcome, @Nullable RaceViolation violation) {}

    /// Runs a race.
    ///
    /// @param recoveries how many images of its crashes are looked at, more or less, from a point that `seed`
    ///     chooses; [Long#MAX_VALUE] for all, from the beginning
    Result run(Race race, Policy policy, long recoveries, long seed) {
        recorder.layAll(base);
        RaceLedger ledger = new RaceLedger(table, target);
        recorder.promise(ledger.owing("open", false));
        BtdCluster cluster = opening.open(recorder.medium(), false);
        List<RaceThread> threads = new ArrayList<>();
        for (int i = 0; i < race.threads().size(); i++) {
            threads.add(new RaceThread(i, cluster, ledger, recorder, table, target));
        }
        prepare(race, cluster, ledger);
        for (int i = 0; i < threads.size(); i++) {
            int number = i;
            Outcome before = scheduler.run(
                    programs(
                            threads,
                            thread -> thread == number
                                    ? race.threads().get(number).before()
                                    : List.of()),
                    Policy.exactly(i, List.of()));
            if (before.wrong() != null) {
                return new Result(before, wrong(race, policy, before, before.wrong()));
            }
        }
        int from = recorder.trace().size();
        Outcome outcome = scheduler.run(
                programs(threads, thread -> race.threads().get(thread).during()), policy);
        if (outcome.wrong() != null) {
            return new Result(outcome, wrong(race, policy, outcome, outcome.wrong()));
        }
        RaceViolation crashed = crash(race, policy, outcome, from, recoveries, seed);
        if (crashed != null) {
            return new Result(outcome, crashed);
        }
        try {
            finish(cluster, ledger, threads);
            return new Result(outcome, null);
        } catch (RuntimeException e) {
            return new Result(outcome, wrong(race, policy, outcome, "afterwards: " + e));
        }
    }

    private interface Steps {
        List<RaceStep> of(int thread);
    }

    private static List<Runnable> programs(List<RaceThread> threads, Steps steps) {
        List<Runnable> programs = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            RaceThread thread = threads.get(i);
            List<RaceStep> its = steps.of(i);
            programs.add(() -> thread.perform(its));
        }
        return programs;
    }

    private static long left(BtdCluster cluster) {
        return cluster.stat().capacity() - cluster.stat().pagesInUse();
    }

    private void prepare(Race race, BtdCluster cluster, RaceLedger ledger) {
        if (race.uses(RaceStep.Kind.DOUBLE)) {
            // Of a class of its own, beside a block that stays: its memory is not used again, so that the second
            // free is refused and does not hit another block.
            long victim = cluster.malloc(VICTIM_BYTES, Alloc.OPAQUE);
            ledger.victim = ledger.born(victim, ScanKind.OPAQUE, VICTIM_BYTES, new byte[0]);
            ledger.born(cluster.malloc(VICTIM_BYTES, Alloc.OPAQUE), ScanKind.OPAQUE, VICTIM_BYTES, new byte[0]);
        }
        if (race.tight()) {
            try {
                while (left(cluster) > UNITS_LEFT * (long) geometry.unitBytes()) {
                    long hog = cluster.malloc(HOG_BYTES, Alloc.OPAQUE);
                    ledger.born(hog, ScanKind.OPAQUE, HOG_BYTES, new byte[0]);
                }
            } catch (Full full) {
                // now it is tight
            }
        }
    }

    private RaceViolation wrong(Race race, Policy policy, Outcome outcome, String what) {
        return new RaceViolation(
                search.domain(), race, policy, outcome.first(), outcome.switches(), what, "", List.of());
    }

    private @Nullable RaceViolation crash(
            Race race, Policy policy, Outcome outcome, int begun, long recoveries, long seed) {
        if (recoveries == 0) {
            return null;
        }
        SplittableRandom random = new SplittableRandom(ImageHash.mix(seed));
        boolean all = recoveries == Long.MAX_VALUE;
        int size = recorder.trace().size();
        int from = all || begun >= size ? Math.min(begun, size) : random.nextInt(begun, size);
        recoveriesAllowed = all ? Long.MAX_VALUE : search.counts().recoveries() + recoveries;
        Finding finding = search.explore(base, recorder.trace(), from, random.nextLong());
        return finding == null
                ? null
                : new RaceViolation(
                        search.domain(),
                        race,
                        policy,
                        outcome.first(),
                        outcome.switches(),
                        finding.what(),
                        finding.promise().toString(),
                        finding.crashes());
    }

    /// Everything is as the answers said, and nothing is left when all is freed.
    private void finish(BtdCluster cluster, RaceLedger ledger, List<RaceThread> threads) {
        ledger.requireSettled();
        Owing owing = ledger.owing("the race", true);
        HeapState state = new StateMatch(cluster).find(owing);
        requireLive(cluster, ledger, "after the race");
        List<RaceBlock> free = new ArrayList<>();
        threads.forEach(thread -> free.addAll(thread.hand()));
        free.addAll(ledger.given);
        for (RaceBlock block : free) {
            requireContent(cluster, block);
        }
        ledger.blocks().stream()
                .filter(block -> !block.freed && !free.contains(block))
                .filter(block -> !state.cells().containsKey(block.pointer()))
                .forEach(free::add);
        for (RaceBlock block : free) {
            cluster.free(block.pointer());
            ledger.died(block);
        }
        requireLive(cluster, ledger, "with everything freed");
        cluster.close();
        String fault = check.examine(recorder, owing, new SplittableRandom(ImageHash.mix(state.hash())));
        if (fault != null) {
            throw new RaceLedger.Wrong("opened again: " + fault);
        }
    }

    private void requireLive(BtdCluster cluster, RaceLedger ledger, String when) {
        Set<Long> directory = new ArenaLook(recorder.medium().segment(), geometry).directoryBlocks();
        long expected = 2
                + directory.size()
                + ledger.blocks().stream().filter(block -> !block.freed).count();
        long live = cluster.stat().liveBlocks();
        if (live != expected) {
            throw new RaceLedger.Wrong(when + " live blocks are " + live + " instead of " + expected);
        }
    }

    private static void requireContent(BtdCluster cluster, RaceBlock block) {
        byte[] found = new byte[block.cell.content().length];
        cluster.readRaw(block.pointer(), MemorySegment.ofArray(found));
        if (!java.util.Arrays.equals(found, block.cell.content())) {
            throw new RaceLedger.Wrong("block holds what another wrote: " + HeapState.hex(block.pointer()));
        }
    }

    @Override
    public void close() {
        scheduler.close();
        recorder.close();
        search.close();
    }
}
