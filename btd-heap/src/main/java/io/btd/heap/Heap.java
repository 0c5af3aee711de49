// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.ClassCount;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.pages.PageAllocator;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.ArenaSite;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The heap of one open arena: malloc, free, and finding the block of a pointer. Thread-safe.
///
/// The arena has been recovered, or was closed cleanly: every allocated block has its bit, every run its
/// head. malloc pops a magazine of the calling thread, free pushes; see [Superblock] for what stands behind.
public final class Heap {
    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final SizeClasses classes;
    private final PageAllocator pages;
    private final LayoutTable layouts;
    private final Superblocks superblocks;
    private final LargeObjects larges;
    private final ThreadHeaps threads;
    private final BlockFinder finder;
    private final Pins pins = new Pins();
    private final InFlight inFlight = new InFlight();
    private final BlockAllocator allocator;
    private final boolean zeroOnFree;
    private volatile boolean owesMarking;

    /// Takes up the heap of an arena.
    ///
    /// @param zeroOnFree whether freed blocks are overwritten with zeros, persistently
    /// @throws io.btd.api.BtdException.ArenaUnusable when the arena contradicts itself
    public Heap(ArenaFile arena, boolean zeroOnFree) {
        this.arena = arena;
        this.zeroOnFree = zeroOnFree;
        memory = arena.memory();
        classes = SizeClasses.of(arena.geometry());
        pages = new PageAllocator(arena);
        RunTable runs = new RunTable(arena);
        layouts = new LayoutTable(arena);
        superblocks = new Superblocks(arena, pages, runs);
        larges = new LargeObjects(arena, pages, runs);
        threads = new ThreadHeaps(arena.medium().name());
        finder = new BlockFinder(arena, superblocks, larges, layouts);
        allocator = new BlockAllocator(arena, pages, superblocks, larges, threads, finder, pins, inFlight, zeroOnFree);
        runs.walk(pages.bits(), layouts, this::takeUpRun);
    }

    private void takeUpRun(long page, long head) {
        if (RunTable.state(head) == RunTable.SUPERBLOCK) {
            superblocks.adopt(page, head);
        } else {
            larges.adopt(page, head);
        }
    }

    /// Allocates; see [io.btd.api.BtdCluster#malloc(long, Alloc)].
    public long malloc(long size, Alloc alloc) {
        return allocator.malloc(threads.current(), size, alloc);
    }

    /// Allocates a typed block; see [io.btd.api.BtdCluster#malloc(Layout, long)].
    public long malloc(Layout layout, long size) {
        allocator.checkSize(size);
        if (size < layout.size()) {
            throw new InvalidSize(
                    "size below the layout's: size=" + size + ", layout=" + layout.size(), "ask for at least that");
        }
        try (var _ = begin()) {
            return mallocWithin(layouts.intern(layout), size);
        }
    }

    /// As [#malloc(long, Alloc)], inside an operation that has begun: closing does not come between.
    public long mallocWithin(long size, Alloc alloc) {
        return allocator.mallocWithin(threads.current(), size, alloc);
    }

    /// Allocates a typed block, inside an operation that has begun.
    public long mallocWithin(TypeLayout layout, long size) {
        return allocator.mallocTyped(threads.current(), layout, size);
    }

    /// Frees a block; see [io.btd.api.BtdCluster#free(long)].
    public void free(long pointer) {
        allocator.free(threads.current(), pointer);
    }

    /// As [#free(long)], inside an operation that has begun: closing does not come between.
    public void freeWithin(long pointer) {
        allocator.freeWithin(threads.current(), pointer);
    }

    // --- pointers about to be stored

    /// Makes a block fit to be referred to: what was written to it through the cluster becomes persistent.
    ///
    /// @param pointer of a live block
    /// @throws io.btd.api.BtdException.InvalidPointer when it is none
    public void beforePointerTo(long pointer) {
        Block block = finder.blockAt(pointer);
        int state = block.state();
        if ((state & (Superblock.FRESH | Superblock.DIRTY)) == 0) {
            return;
        }
        block.tryFlags(0, Superblock.FRESH);
        inFlight.awaitNone(block.base(), block.size());
        while (block.dirty()) {
            if (block.tryBeginWriteBack()) {
                writeBack(block);
                return;
            }
            Thread.onSpinWait(); // another thread writes it back; it may not be referred to before that is done
        }
    }

    private void writeBack(Block block) {
        try {
            memory.persist(block.base(), block.size(), HeapSite.BLOCK_BEFORE_POINTER);
        } catch (RuntimeException e) {
            block.markDirty();
            throw e;
        } finally {
            block.endWriteBack();
        }
    }

    /// Notes that a block was made fit to be referred to, but nothing refers to it after all: only marking can
    /// tell whether it is reachable, so the arena is not closed as clean.
    public void oweMarking() {
        owesMarking = true;
    }

    // --- views

    /// Keeps a block from being freed until [#unpin].
    public Block pin(long pointer) {
        pins.pin(finder.offset(pointer));
        try {
            return finder.blockAt(pointer);
        } catch (BtdException e) {
            pins.unpin(GlobalPointer.offset(pointer));
            throw e;
        }
    }

    /// Undoes one [#pin].
    public void unpin(long pointer) {
        pins.unpin(GlobalPointer.offset(pointer));
    }

    /// Refuses when a view of the block is open.
    ///
    /// @throws io.btd.api.BtdException.Pinned when it is
    public void checkUnpinned(long pointer) {
        pins.check(pointer);
    }

    /// How many views pin a block.
    public int pinned() {
        return pins.open();
    }

    // --- operations that use no magazine

    /// Begins an operation; close waits for it.
    ///
    /// @throws io.btd.api.BtdException.Closed when the heap is closed
    public Operation begin() {
        return new Operation(threads, threads.enterShared());
    }

    /// An operation in progress.
    public static final class Operation implements AutoCloseable {
        private final ThreadHeaps threads;
        private final ThreadHeap heap;

        private Operation(ThreadHeaps threads, ThreadHeap heap) {
            this.threads = threads;
            this.heap = heap;
        }

        @Override
        public void close() {
            threads.exitShared(heap);
        }
    }

    // --- looking

    /// Finds blocks by pointers.
    public BlockFinder finder() {
        return finder;
    }

    /// Ranges that unretired records may write to.
    public InFlight inFlight() {
        return inFlight;
    }

    /// The arena.
    public ArenaFile arena() {
        return arena;
    }

    /// The shapes of typed blocks.
    public LayoutTable layouts() {
        return layouts;
    }

    /// The page allocator under the heap.
    public PageAllocator pages() {
        return pages;
    }

    /// How many frees were refused.
    public long illegalFrees() {
        return allocator.illegalFrees();
    }

    /// Allocated blocks per size class; large objects count as size 0.
    public List<ClassCount> count() {
        return HeapCount.of(superblocks, larges, classes);
    }

    /// The heap of the calling thread.
    public ThreadAllocator local() {
        return new ThreadAllocator(allocator, threads.current());
    }

    // --- closing

    /// Ends every operation, takes back what the session held, and writes the volatile truth into the
    /// arena. Returns whether the arena may be marked clean: not when a block that is given up referred to
    /// one that is kept, for then only marking can tell whether that one is reachable.
    ///
    /// @return empty if the heap was closed already
    public Optional<Boolean> close() {
        List<ThreadHeap> all = new ArrayList<>();
        if (!threads.close(all)) {
            return Optional.empty();
        }
        all.forEach(superblocks::empty);
        boolean settled = new SessionEnd(arena, superblocks, larges, finder, pins).settle(zeroOnFree);
        superblocks.scavenge();
        superblocks.forEach(superblock -> superblock.writeBackBitmap(ArenaSite.CLOSE_STATE));
        pages.bits().writeBackAll(ArenaSite.CLOSE_STATE);
        return Optional.of(settled && !owesMarking);
    }
}
