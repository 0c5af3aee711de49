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
    private boolean settled = true;

    SessionEnd(ArenaFile arena, Superblocks superblocks, LargeObjects larges, BlockFinder finder) {
        this.memory = arena.memory();
        this.superblocks = superblocks;
        this.larges = larges;
        this.finder = finder;
    }

    /// Gives up every fresh block and starts writing back what was changed in the others; returns whether that
    /// left nothing to find out.
    ///
    /// @param wipe whether blocks that are given up are overwritten with zeros
    boolean settle(boolean wipe) {
        superblocks.forEach(superblock -> {
            for (int index = 0; index < superblock.count; index++) {
                int state = superblock.state(index);
                if ((state & Superblock.FRESH) != 0) {
                    look(superblock.kind, superblock.offsetOf(index), superblock.blockSize);
                    superblock.tryFree(index);
                    if (wipe) {
                        memory.zero(superblock.offsetOf(index), superblock.blockSize);
                        memory.writeBack(superblock.offsetOf(index), superblock.blockSize, HeapSite.WIPE);
                    }
                    superblock.bringHome(index / 64, 1L << index % 64);
                } else if ((state & Superblock.DIRTY) != 0) {
                    memory.writeBack(superblock.offsetOf(index), superblock.blockSize, ArenaSite.CLOSE_STATE);
                }
            }
        });
        for (LargeObject large : larges.all()) {
            if ((large.state() & Superblock.FRESH) != 0) {
                look(large.kind, large.base, larges.bytes(large));
                large.tryFree();
                larges.release(large);
            } else if ((large.state() & Superblock.DIRTY) != 0) {
                memory.writeBack(large.base, larges.bytes(large), ArenaSite.CLOSE_STATE);
            }
        }
        return settled;
    }

    private void look(ScanKind kind, long base, long bytes) {
        if (kind == ScanKind.OPAQUE) {
            return;
        }
        for (long at = base; settled && at < base + bytes; at += 8) {
            settled = !finder.isBlock(memory.getLong(at));
        }
    }
}
