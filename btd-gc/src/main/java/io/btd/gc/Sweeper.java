// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.heap.SizeClasses;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;

/// Gives back what marking did not reach. Not thread-safe.
///
/// ```
/// heads of unreached runs cleared, written back  ->  fence  ->  memory given back  ->  page bits cleared
/// ```
///
/// *The clearing of a head is the linearising store of giving its run back.* Page bits need no fence: one
/// that is still set after a crash covers nothing, and is cleared by the next recovery.
final class Sweeper {
    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final Geometry geometry;
    private final SizeClasses classes;
    private final RunIndex runs;
    private final BlockBits bits;
    private long reclaimedPages;
    private boolean sweeping;

    Sweeper(ArenaFile arena, RunIndex runs, BlockBits bits) {
        this.arena = arena;
        this.memory = arena.memory();
        this.geometry = arena.geometry();
        this.classes = SizeClasses.of(geometry);
        this.runs = runs;
        this.bits = bits;
    }

    /// Sweeps; with `wipe`, overwrites everything unreached with zeros first.
    void sweep(boolean wipe) {
        sweeping = true;
        boolean cleared = false;
        for (RunIndex.Run run : runs.runs()) {
            if (run.unreached()) {
                if (wipe) {
                    wipe(run.base, run.pages() << geometry.pageShift());
                }
                runs.table().clear(run.page, GcSite.SWEEP_HEADS);
                cleared = true;
            } else if (wipe && run.isSuperblock() && !run.exported()) {
                wipeUnreached(run);
            }
        }
        if (wipe) {
            memory.fence(GcSite.SWEEP_WIPE);
        }
        if (cleared) {
            memory.fence(GcSite.SWEEP_HEADS);
        }
        givePagesBack();
    }

    /// Gives back only pages that no run covers.
    void sweepStrays() {
        givePagesBack();
    }

    /// Pages that came back.
    long reclaimedPages() {
        return reclaimedPages;
    }

    private void wipe(long offset, long bytes) {
        memory.zero(offset, bytes);
        memory.writeBack(offset, bytes, GcSite.SWEEP_WIPE);
    }

    private void wipeUnreached(RunIndex.Run run) {
        long[] words = bits.words(run);
        int size = classes.size(run.sizeClass());
        for (int index = 0; index < classes.blocks(run.sizeClass()); index++) {
            if ((words[index / 64] >>> index % 64 & 1) == 0) {
                wipe(run.base + (long) index * size, size);
            }
        }
    }

    private void givePagesBack() {
        long first = -1;
        for (int word = 0; word < runs.bits().words(); word++) {
            long set = runs.bits().word(word);
            if (set == 0 && first < 0) {
                continue;
            }
            for (int i = 0; i < 64; i++) {
                long page = word * 64L + i;
                boolean stale = (set >>> i & 1) != 0 && isStale(page);
                if (stale && first < 0) {
                    first = page;
                } else if (!stale && first >= 0) {
                    giveBack(first, page - first);
                    first = -1;
                }
            }
        }
        if (first >= 0) {
            giveBack(first, geometry.pages() - first);
        }
    }

    private boolean isStale(long page) {
        RunIndex.Run run = runs.ofPage(page);
        return run == null || sweeping && run.unreached();
    }

    private void giveBack(long first, long pages) {
        arena.medium().punch(geometry.pageOffset(first), pages << geometry.pageShift());
        runs.bits().clearRun(first, pages);
        reclaimedPages += pages;
    }
}
