// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.heap.LayoutTable;
import io.btd.log.RedoLog;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks an arena's file without changing it: what `btd fsck` does. Everything happens in a private copy
/// of the pages that are touched; on an unclean arena it does what recovery will do, and judges that.
public final class Checker {
    private Checker() {}

    /// Checks the arena in a file.
    ///
    /// @throws ArenaUnusable when it is no arena at all, or cannot be read
    /// @throws io.btd.api.BtdException.ArenaOwned when a live process owns it
    public static CheckReport check(Path path) {
        ArenaFile arena = ArenaFile.openPrivate(path);
        try {
            return check(arena);
        } finally {
            arena.medium().close();
        }
    }

    /// Checks an open arena that nobody else uses; leaves it as recovery would before sweeping.
    public static CheckReport check(ArenaFile arena) {
        long generation = arena.generation() - 1;
        try {
            int replayed = RedoLog.replay(arena);
            return look(arena, generation, replayed);
        } catch (ArenaUnusable e) {
            if (e.fault() != ArenaFault.CORRUPT) {
                throw e;
            }
            return new CheckReport(
                    arena.wasClean(),
                    generation,
                    0,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(String.valueOf(e.getMessage())));
        }
    }

    private static CheckReport look(ArenaFile arena, long generation, int replayed) {
        Geometry geometry = arena.geometry();
        LayoutTable layouts = new LayoutTable(arena);
        RunIndex runs = new RunIndex(arena, layouts);
        BlockBits bits = new BlockBits(arena.memory(), geometry);
        Map<Integer, long[]> allocated = new HashMap<>();
        Recovery.Tally before = new Recovery.Tally(geometry);
        for (RunIndex.Run run : runs.runs()) {
            before.add(run, run.isSuperblock() ? bits.count(run) : 1);
            if (run.isSuperblock()) {
                allocated.put(run.number, bits.words(run));
                bits.clear(run);
            }
        }
        Marker marker = new Marker(arena, runs, layouts, bits);
        marker.mark();
        for (RunIndex.Run run : runs.runs()) {
            if (run.exported()) {
                marker.markFrom(run, arena.ownerDied() ? null : allocated.get(run.number));
            }
        }

        List<String> problems = new ArrayList<>();
        if (marker.dangling() > 0) {
            problems.add("pointers that lead to no block: count=" + marker.dangling());
        }
        if (arena.wasClean()) {
            if (replayed > 0) {
                problems.add("redo records in a clean arena: count=" + replayed);
            }
            long stray = runs.strayPages();
            if (stray > 0) {
                problems.add("pages in use that belong to nothing: count=" + stray);
            }
            for (RunIndex.Run run : runs.runs()) {
                if (run.isSuperblock()) {
                    compare(run, allocated.getOrDefault(run.number, new long[0]), bits.words(run), problems);
                }
            }
        }
        Recovery.Tally after = new Recovery.Tally(geometry);
        Recovery.Tally kept = new Recovery.Tally(geometry);
        Recovery.Tally staying = new Recovery.Tally(geometry);
        for (RunIndex.Run run : runs.runs()) {
            after.add(run, run.marked);
            long all = run.exported() ? stays(run, allocated.get(run.number), arena, bits) : run.marked;
            kept.add(run, all - run.marked);
            staying.add(run, all);
        }
        return new CheckReport(
                arena.wasClean(), generation, replayed, after.counts(), kept.counts(), before.minus(staying), problems);
    }

    /// How many blocks of a run that other nodes may refer to stay allocated: as recovery does it, all of a run whose
    /// owner died, else those that were in use.
    private static long stays(RunIndex.Run run, long @Nullable [] allocated, ArenaFile arena, BlockBits bits) {
        if (!run.isSuperblock()) {
            return 1;
        }
        bits.setAll(run, arena.ownerDied() ? null : allocated);
        return bits.count(run);
    }

    private static void compare(RunIndex.Run run, long[] allocated, long[] reached, List<String> problems) {
        long lost = 0;
        for (int i = 0; i < reached.length; i++) {
            lost += Long.bitCount(reached[i] & ~allocated[i]);
        }
        if (lost > 0) {
            problems.add("reachable blocks that count as free: superblock offset=" + run.base + ", count=" + lost);
        }
    }
}
