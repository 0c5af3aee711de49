// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.ArenaSite;
import io.btd.pmem.PersistentMemory;

/// What happens to blocks when the session ends: those it still holds go home, what was changed in others is
/// written back. Runs alone; the fence is the caller's.
///
/// A block that is *fresh* was never referred to through the cluster, so nothing can reach it. If such a
/// block itself refers to another one, that one may be unreachable now as well, which only marking can
/// tell: then the arena is not marked clean.
final class SessionEnd {
    private final PersistentMemory memory;
    private final Superblocks superblocks;
    private final LargeObjects larges;
    private final BlockFinder finder;
    private final Pins pins;
    private boolean settled = true;
    private boolean keeping;

    SessionEnd(ArenaFile arena, Superblocks superblocks, LargeObjects larges, BlockFinder finder, Pins pins) {
        this.memory = arena.memory();
        this.superblocks = superblocks;
        this.larges = larges;
        this.finder = finder;
        this.pins = pins;
    }

    /// Gives up every fresh block and starts writing back what was changed in the others; returns whether that
    /// left nothing to find out.
    ///
    /// @param wipe whether blocks that are given up are overwritten with zeros
    /// @param keepFresh whether blocks that nothing refers to are kept: somebody will say after the next open
    ///     that he holds them
    boolean settle(boolean wipe, boolean keepFresh) {
        keeping = keepFresh;
        superblocks.forEach(superblock -> {
            for (int index = 0; index < superblock.count; index++) {
                if (superblock.tryState(index, Superblock.LIMBO, 0)) {
                    superblock.bringHome(index / 64, 1L << index % 64);
                } else if (endOf(
                        superblock.state(index),
                        superblock.kind,
                        superblock.offsetOf(index),
                        superblock.blockSize,
                        wipe)) {
                    superblock.tryFree(index);
                    superblock.bringHome(index / 64, 1L << index % 64);
                }
            }
        });
        for (LargeObject large : larges.all()) {
            if (large.tryState(Superblock.LIMBO, 0)) {
                larges.release(large);
            } else if (endOf(large.state(), large.kind, large.base, larges.bytes(large), wipe)) {
                large.tryFree(0);
                larges.release(large);
            }
        }
        return settled;
    }

    /// What becomes of one block; returns whether it is given up. One that is being viewed stays until the
    /// next open marks.
    private boolean endOf(int state, ScanKind kind, long base, long bytes, boolean wipe) {
        boolean fresh = (state & Superblock.FRESH) != 0 && !keeping;
        boolean viewed = fresh && pins.isPinned(base);
        if (viewed) {
            settled = false;
        } else if (fresh) {
            look(kind, base, bytes);
            if (wipe) {
                memory.zero(base, bytes);
                memory.writeBack(base, bytes, HeapSite.WIPE);
            }
            return true;
        } else if ((state & Superblock.DIRTY) != 0) {
            memory.writeBack(base, bytes, ArenaSite.CLOSE_STATE);
        }
        return false;
    }

    private void look(ScanKind kind, long base, long bytes) {
        settled = settled && !finder.refersToBlocks(kind, base, bytes);
    }
}
