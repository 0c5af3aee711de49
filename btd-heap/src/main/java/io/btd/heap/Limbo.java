// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.pmem.ArenaFile;
import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// Ends the lives of blocks step by step: where `free` is too fast. Thread-safe.
///
/// A block in limbo is not allocated, so that every use of it is refused, a second free too; and it is not at home,
/// so that it has no new life while somebody may still remember the old one.
final class Limbo {
    private final PersistentMemory memory;
    private final BlockFinder finder;
    private final Pins pins;
    private final InFlight inFlight;
    private final boolean zeroOnFree;

    Limbo(ArenaFile arena, BlockFinder finder, Pins pins, InFlight inFlight, boolean zeroOnFree) {
        this.memory = arena.memory();
        this.finder = finder;
        this.pins = pins;
        this.inFlight = inFlight;
        this.zeroOnFree = zeroOnFree;
    }

    /// Takes a block from its holder and puts it in limbo.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it is not the start of an allocated block
    /// @throws io.btd.api.BtdException.Pinned when it is being viewed
    void enter(long pointer) {
        end(pointer, false).tryState(0, Superblock.LIMBO);
    }

    /// Takes a block out of limbo; it is the caller's to bring home.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it is not there
    Block leave(long pointer) {
        Block block = place(pointer);
        if (!block.tryState(Superblock.LIMBO, 0)) {
            throw finder.notAllocated(pointer);
        }
        return block;
    }

    /// Takes a block from its holder for good: it is the caller's to bring home, wiped if need be.
    ///
    /// @param system whether it is a system block, which is not allocated to anybody else
    Block end(long pointer, boolean system) {
        Block block = place(pointer);
        if (block.system() != system || !tryEnd(block, pointer, 0)) {
            throw finder.notAllocated(pointer);
        }
        return block;
    }

    /// As [#end], but only if no pointer to the block was ever stored; null otherwise. *Of this and a concurrent
    /// [Heap#beforePointerTo] one succeeds.*
    @Nullable
    Block endIfFresh(long pointer) {
        Block block = finder.place(finder.offset(pointer));
        return block != null && !block.system() && tryEnd(block, pointer, Superblock.FRESH) ? block : null;
    }

    private Block place(long pointer) {
        long offset = finder.offset(pointer);
        Block block = finder.place(offset);
        if (block == null) {
            throw finder.interior(pointer, offset);
        }
        return block;
    }

    private boolean tryEnd(Block block, long pointer, int required) {
        pins.check(pointer);
        int former = block.tryFree(required);
        if (former == 0) {
            return false;
        }
        if (pins.isPinned(block.base())) {
            block.undoFree(former);
            throw Pins.refusal(pointer);
        }
        inFlight.awaitNone(block.base(), block.size());
        if (zeroOnFree) {
            memory.zero(block.base(), block.size());
            memory.persist(block.base(), block.size(), HeapSite.WIPE);
        }
        return true;
    }
}
