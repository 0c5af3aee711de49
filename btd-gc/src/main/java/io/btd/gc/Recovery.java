// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.api.ClassCount;
import io.btd.api.RecoveryReport;
import io.btd.heap.LayoutTable;
import io.btd.heap.SizeClasses;
import io.btd.log.RedoLog;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Makes an arena consistent after an unclean end: replay, mark, sweep. Afterwards page bits cover exactly
/// the runs that hold a reachable block, and bitmaps say exactly which blocks are reachable, as after a
/// clean close. A crash at any point of it is repaired by running it again.
public final class Recovery {
    private Recovery() {}

    /// Recovers `arena` unless it was closed cleanly.
    ///
    /// @param wipe whether reclaimed blocks are overwritten with zeros
    /// @throws io.btd.api.BtdException.ArenaUnusable when the arena contradicts itself
    public static RecoveryReport run(ArenaFile arena, boolean wipe) {
        if (arena.wasClean()) {
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
        long start = System.nanoTime();
        int replayed = RedoLog.replay(arena);
        long replayEnd = System.nanoTime();

        Geometry geometry = arena.geometry();
        LayoutTable layouts = new LayoutTable(arena);
        RunIndex runs = new RunIndex(arena, layouts);
        BlockBits bits = new BlockBits(arena.memory(), geometry);
        Tally before = new Tally(geometry);
        for (RunIndex.Run run : runs.runs()) {
            before.add(run, run.isSuperblock() ? bits.count(run) : 1);
            if (run.isSuperblock()) {
                bits.clear(run);
            }
        }
        new Marker(arena, runs, layouts, bits).mark();
        long markEnd = System.nanoTime();

        Sweeper sweeper = new Sweeper(arena, runs, bits);
        sweeper.sweep(wipe);
        Tally after = new Tally(geometry);
        runs.runs().forEach(run -> after.add(run, run.marked));
        return new RecoveryReport(
                false,
                arena.ownerDied(),
                arena.generation(),
                replayed,
                after.counts(),
                before.minus(after),
                sweeper.reclaimedPages() << geometry.pageShift(),
                Duration.ofNanos(replayEnd - start),
                Duration.ofNanos(markEnd - replayEnd),
                Duration.ofNanos(System.nanoTime() - markEnd));
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
