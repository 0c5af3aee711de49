// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.api.ClassCount;
import io.btd.api.RecoveryReport;
import io.btd.heap.Decision;
import io.btd.heap.Heap;
import io.btd.heap.LayoutTable;
import io.btd.heap.Reach;
import io.btd.heap.SessionTable;
import io.btd.heap.SizeClasses;
import io.btd.heap.Unreached;
import io.btd.log.RedoLog;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes an arena consistent after an unclean end: replay, mark, sweep. Afterwards page bits cover exactly
/// the runs that hold a reachable block, and bitmaps say exactly which blocks are reachable, as after a
/// clean close. A crash at any point of it is repaired by running it again.
///
/// On a cluster's node, blocks that nothing reaches may be held by sessions. [#open] leaves them undecided, and the
/// heap
/// sweeps when the sessions have spoken.
public final class Recovery {
    private Recovery() {}

    /// Recovers `arena`, of which this process has the only use, unless it was closed cleanly. Sessions that a
    /// cluster's
    /// node had here are over.
    ///
    /// @param wipe whether reclaimed blocks are overwritten with zeros
    /// @throws io.btd.api.BtdException.ArenaUnusable when the arena contradicts itself
    public static RecoveryReport run(ArenaFile arena, boolean wipe) {
        if (arena.wasClean()) {
            return clean(arena);
        }
        Marking marking = new Marking(arena, true);
        Sweeper sweeper = new Sweeper(arena, marking.runs, marking.bits);
        sweeper.sweep(wipe);
        marking.keepExported();
        return marking.report(marking.before.minus(marking.kept()), sweeper.reclaimedPages());
    }

    /// A node's arena, recovered as far as that can be done without its sessions.
    ///
    /// @param heap its heap; while [Heap#undecided] sessions are to [Heap#declare], then follows [Heap#decide]
    /// @param sessions those that were open when the arena was last in use
    /// @param report what was found; what is undecided is not counted
    /// @param decision what was decided at once, for want of sessions; null when nothing was, or all is open
    public record Opened(
            Heap heap,
            SessionTable sessions,
            RecoveryReport report,
            @Nullable Decision decision) {}

    /// Opens the arena of a cluster's node, recovering it unless it was closed cleanly.
    ///
    /// @param wipe whether freed and reclaimed blocks are overwritten with zeros
    /// @throws io.btd.api.BtdException.ArenaUnusable when the arena contradicts itself
    public static Opened open(ArenaFile arena, boolean wipe) {
        if (arena.wasClean()) {
            Heap heap = new Heap(arena, wipe, Reach.CLUSTER, null);
            SessionTable sessions = new SessionTable(heap);
            sessions.sessions().forEach(session -> sessions.close(session.id())); // they ended with the clean close
            return new Opened(heap, sessions, clean(arena), null);
        }
        Marking marking = new Marking(arena, false);
        Sweeper sweeper = new Sweeper(arena, marking.runs, marking.bits);
        sweeper.sweepStrays();
        Unreached unreached = new Unreached(marking.unreachedLarge(), marking.inUse, marking.before.counts());
        RecoveryReport report = marking.report(List.of(), sweeper.reclaimedPages());
        Heap heap = new Heap(arena, wipe, Reach.CLUSTER, unreached);
        SessionTable sessions = new SessionTable(heap);
        Decision decision = sessions.sessions().isEmpty() ? heap.decide() : null;
        return new Opened(heap, sessions, report, decision);
    }

    private static RecoveryReport clean(ArenaFile arena) {
        return new RecoveryReport(
                true,
                false,
                arena.generation(),
                0,
                List.of(),
                List.of(),
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO);
    }

    /// Replay and mark; afterwards bitmaps say which blocks are reachable.
    private static final class Marking {
        final ArenaFile arena;
        final RunIndex runs;
        final BlockBits bits;
        final Tally before;
        final Map<Long, long[]> inUse = new HashMap<>();
        final int replayed;
        final long start = System.nanoTime();
        final long replayEnd;
        final long markEnd;

        Marking(ArenaFile arena, boolean forgetSessions) {
            this.arena = arena;
            replayed = RedoLog.replay(arena);
            replayEnd = System.nanoTime();
            if (forgetSessions) {
                SessionTable.forget(arena);
            }
            LayoutTable layouts = new LayoutTable(arena);
            runs = new RunIndex(arena, layouts);
            bits = new BlockBits(arena.memory(), arena.geometry());
            before = new Tally(arena.geometry());
            for (RunIndex.Run run : runs.runs()) {
                before.add(run, run.isSuperblock() ? bits.count(run) : 1);
                if (run.isSuperblock()) {
                    if (!arena.ownerDied()) {
                        inUse.put(run.page, bits.words(run));
                    }
                    bits.clear(run);
                }
            }
            Marker marker = new Marker(arena, runs, layouts, bits);
            marker.mark();
            // Other nodes may refer to what is in exported runs, and so to what that refers to.
            runs.runs().stream()
                    .filter(RunIndex.Run::exported)
                    .forEach(run -> marker.markFrom(run, inUse.get(run.page)));
            markEnd = System.nanoTime();
        }

        /// Other nodes may refer to any block of an exported run: all count as allocated, except those that an orderly
        /// close knew to be free.
        void keepExported() {
            runs.runs().stream()
                    .filter(run -> run.exported() && run.isSuperblock())
                    .forEach(run -> bits.setAll(run, inUse.get(run.page)));
        }

        /// What is allocated after [#keepExported].
        Tally kept() {
            Tally kept = new Tally(arena.geometry());
            runs.runs()
                    .forEach(run ->
                            kept.add(run, !run.exported() ? run.marked : run.isSuperblock() ? bits.count(run) : 1));
            return kept;
        }

        Set<Long> unreachedLarge() {
            return runs.runs().stream()
                    .filter(run -> !run.isSuperblock() && run.marked == 0)
                    .map(run -> run.page)
                    .collect(Collectors.toSet());
        }

        RecoveryReport report(List<ClassCount> reclaimed, long reclaimedPages) {
            Geometry geometry = arena.geometry();
            Tally after = new Tally(geometry);
            runs.runs().forEach(run -> after.add(run, run.marked));
            return new RecoveryReport(
                    false,
                    arena.ownerDied(),
                    arena.generation(),
                    replayed,
                    after.counts(),
                    reclaimed,
                    reclaimedPages << geometry.pageShift(),
                    Duration.ofNanos(replayEnd - start),
                    Duration.ofNanos(markEnd - replayEnd),
                    Duration.ofNanos(System.nanoTime() - markEnd));
        }
    }

    /// Blocks and bytes per size class; large objects last.
    static final class Tally {
        private final Geometry geometry;
        private final SizeClasses classes;
        private final long[] blocks;
        private long largeBlocks;
        private long largeBytes;

        Tally(Geometry geometry) {
            this.geometry = geometry;
            this.classes = SizeClasses.of(geometry);
            this.blocks = new long[classes.count()];
        }

        void add(RunIndex.Run run, long count) {
            if (run.isSuperblock()) {
                blocks[run.sizeClass()] += count;
            } else {
                largeBlocks += count;
                largeBytes += count * (run.pages() << geometry.pageShift());
            }
        }

        List<ClassCount> counts() {
            return minus(new Tally(geometry));
        }

        /// What this has beyond `other`, class by class; never below nothing.
        List<ClassCount> minus(Tally other) {
            List<ClassCount> counts = new ArrayList<>();
            for (int c = 0; c < blocks.length; c++) {
                long more = blocks[c] - other.blocks[c];
                if (more > 0) {
                    counts.add(new ClassCount(classes.size(c), more, more * classes.size(c)));
                }
            }
            if (largeBlocks > other.largeBlocks) {
                counts.add(new ClassCount(0, largeBlocks - other.largeBlocks, largeBytes - other.largeBytes));
            }
            return counts;
        }
    }
}
