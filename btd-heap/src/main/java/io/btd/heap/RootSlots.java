// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.InvalidRoot;
import io.btd.api.Roots;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.PersistentMemory;
import java.util.concurrent.atomic.AtomicLong;

/// The numbered roots: words that are set once. *Persistent*; the slots behind the program's hold the named
/// directory and the session records.
///
/// Setting: *the compare-and-set from 0 is the linearising store*; it is made durable before anybody is
/// told, by the winner and by whoever sees it.
public final class RootSlots {
    static final int DIRECTORY = Roots.SLOTS;
    static final int SESSIONS = Roots.SLOTS + 1;

    private final ArenaFile arena;
    private final Heap heap;
    private final PersistentMemory memory;
    private final AtomicLong written = new AtomicLong();

    /// The slots of the heap's arena.
    public RootSlots(Heap heap) {
        this.heap = heap;
        arena = heap.arena();
        memory = arena.memory();
    }

    /// The pointer in a slot, or 0.
    ///
    /// @throws InvalidRoot for a number out of range
    public long get(int number) {
        check(number);
        long block = memory.getLongAcquire(arena.geometry().rootSlot(number));
        return block == 0 ? 0 : durably(number);
    }

    /// Puts a block into an empty slot; returns what is in it afterwards, durably.
    ///
    /// @throws InvalidRoot for a number out of range
    public long setOnce(int number, long block) {
        return setOnce(number, block, false);
    }

    /// As [#setOnce(int, long)]; `exported` says that a block of another node was exported there.
    ///
    /// @throws ForeignPointers when it was not; nothing has changed
    public long setOnce(int number, long block, boolean exported) {
        check(number);
        long at = arena.geometry().rootSlot(number);
        heap.checkTarget(block, exported);
        if (memory.getLongAcquire(at) == 0) {
            heap.beforePointerTo(block, exported);
            if (!memory.compareAndSetLong(at, 0, block)) {
                heap.oweMarking();
            }
        }
        return durably(number);
    }

    /// What is in a slot that is set, written back before anybody is told; once is enough.
    private long durably(int number) {
        long at = arena.geometry().rootSlot(number);
        if ((written.get() >>> number & 1) == 0) {
            memory.persist(at, 8, HeapSite.ROOT_SLOT);
            written.getAndUpdate(slots -> slots | 1L << number);
        }
        return memory.getLongAcquire(at);
    }

    private static void check(int number) {
        if (number < 0 || number >= Roots.SLOTS) {
            throw new InvalidRoot("no such root slot: slot=" + number, "use 0.." + (Roots.SLOTS - 1));
        }
    }
}
