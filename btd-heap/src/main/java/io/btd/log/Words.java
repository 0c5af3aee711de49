// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.Pinned;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.heap.Block;
import io.btd.heap.BlockFinder;
import io.btd.heap.Heap;
import io.btd.pmem.PersistentMemory;
import java.util.function.LongConsumer;

/// Pointers and atomics: changes of one aligned word, each by one store that is durable when the call
/// returns. *That store is the linearising one*; what it refers to was made durable before. Thread-safe:
/// a word changes under its stripe's lock.
public final class Words {
    private final Heap heap;
    private final PersistentMemory memory;
    private final BlockFinder finder;
    private final StripeLocks locks;

    /// The words of the heap's blocks.
    public Words(Heap heap, StripeLocks locks) {
        this.heap = heap;
        this.memory = heap.arena().memory();
        this.finder = heap.finder();
        this.locks = locks;
    }

    /// Reads a word.
    public long get(long address) {
        try (var _ = heap.begin()) {
            finder.containingWord(address);
            return memory.getLongAcquire(GlobalPointer.offset(address));
        }
    }

    /// Stores a pointer; see [io.btd.api.BtdCluster#putPointer].
    public void putPointer(long slot, long target) {
        putPointer(slot, target, false);
    }

    /// As [#putPointer(long, long)]; `exported` says that a block of another node was exported there.
    ///
    /// @throws io.btd.heap.ForeignPointers when it was not; nothing has changed
    public void putPointer(long slot, long target, boolean exported) {
        try (var _ = heap.begin()) {
            Block block = checkSlot(slot);
            if (target != GlobalPointer.NULL) {
                heap.beforePointerTo(target, exported);
            }
            change(block, slot, _ -> target);
        }
    }

    /// Replaces a pointer and frees what it led to; see [io.btd.api.BtdCluster#unlinkAndFree].
    public boolean unlinkAndFree(long slot, long expected, long replacement) {
        return unlinkAndFree(slot, expected, replacement, false, heap::freeWithin);
    }

    /// As [#unlinkAndFree(long, long, long)], freeing in another way: `free` is called inside the operation.
    ///
    /// @param exported says that a replacement of another node was exported there
    /// @param free frees the block, with [Heap#freeWithin] or [Heap#unallocateWithin]
    /// @throws io.btd.heap.ForeignPointers when it was not; nothing has changed
    public boolean unlinkAndFree(long slot, long expected, long replacement, boolean exported, LongConsumer free) {
        try (var _ = heap.begin()) {
            Block block = checkSlot(slot);
            finder.blockAt(expected);
            heap.checkUnpinned(expected);
            if (replacement != GlobalPointer.NULL) {
                heap.beforePointerTo(replacement, exported);
            }
            long before = change(block, slot, word -> word == expected ? replacement : word);
            if (before != expected) {
                if (replacement != GlobalPointer.NULL) {
                    heap.oweMarking();
                }
                return false;
            }
            try {
                free.accept(expected);
            } catch (Pinned viewedMeanwhile) {
                heap.oweMarking(); // unlinked already; the next open gives it back
            }
            return true;
        }
    }

    /// Replaces a word if it is `expected`; says whether it did.
    public boolean compareAndSet(long address, long expected, long value) {
        return compareAndSet(address, expected, value, false);
    }

    /// As [#compareAndSet(long, long, long)]; `exported` says that a block of another node was exported there.
    ///
    /// @throws io.btd.heap.ForeignPointers when it was not; nothing has changed
    public boolean compareAndSet(long address, long expected, long value, boolean exported) {
        try (var _ = heap.begin()) {
            Block block = finder.containingWord(address);
            checkValue(block, address, value, exported);
            long before = change(block, address, word -> word == expected ? value : word);
            if (before != expected && finder.isBlock(value)) {
                heap.oweMarking();
            }
            return before == expected;
        }
    }

    /// Adds to a word; returns it as it was.
    public long getAndAdd(long address, long delta) {
        try (var _ = heap.begin()) {
            Block block = finder.containingWord(address);
            if (block.kind() == ScanKind.TYPED && block.mayHoldPointer(GlobalPointer.offset(address))) {
                throw new InvalidPointer(
                        address,
                        PointerFault.WRONG_KIND,
                        "arithmetic on a pointer field: address=" + GlobalPointer.toString(address),
                        "use putPointer or compareAndSet");
            }
            return change(block, address, word -> word + delta);
        }
    }

    /// Replaces a word; returns it as it was.
    public long getAndSet(long address, long value) {
        return getAndSet(address, value, false);
    }

    /// As [#getAndSet(long, long)]; `exported` says that a block of another node was exported there.
    ///
    /// @throws io.btd.heap.ForeignPointers when it was not; nothing has changed
    public long getAndSet(long address, long value, boolean exported) {
        try (var _ = heap.begin()) {
            Block block = finder.containingWord(address);
            checkValue(block, address, value, exported);
            return change(block, address, _ -> value);
        }
    }

    /// What becomes of a word.
    private interface Change {
        long next(long word);
    }

    /// Changes a word durably. One that stays as it is is written back too if somebody wrote it with VISIBLE.
    private long change(Block block, long address, Change change) {
        long offset = GlobalPointer.offset(address);
        locks.lock(offset, 8);
        try {
            long before = memory.getLongAcquire(offset);
            long next = change.next(before);
            if (next != before) {
                memory.setLongRelease(offset, next);
            }
            if (next != before || block.dirty()) {
                memory.persist(offset, 8, LogSite.WORD);
            }
            return before;
        } finally {
            locks.unlock(offset, 8);
        }
    }

    private Block checkSlot(long slot) {
        Block block = finder.containingWord(slot);
        if (!block.mayHoldPointer(GlobalPointer.offset(slot))) {
            throw new InvalidPointer(
                    slot,
                    PointerFault.WRONG_KIND,
                    "slot cannot hold a pointer: slot=" + GlobalPointer.toString(slot) + ", kind=" + block.kind(),
                    "allocate the block with POINTERS, or declare the field with GlobalPointer.LAYOUT");
        }
        return block;
    }

    /// A word the collector looks at takes no pointer to a block that is not live.
    private void checkValue(Block block, long address, long value, boolean exported) {
        if (value == GlobalPointer.NULL || !block.mayHoldPointer(GlobalPointer.offset(address))) {
            return;
        }
        if (block.kind() == ScanKind.TYPED || finder.isBlock(value) || finder.isForeign(value)) {
            heap.beforePointerTo(value, exported);
        }
    }
}
