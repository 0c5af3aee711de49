// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.ScanKind;
import io.btd.pages.PageAllocator;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// malloc and free: the fast path over the magazines of a thread's heap, and the way to the large objects.
/// Thread-safe.
final class BlockAllocator {
    private static final int MOST_LOOKS = 16;

    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final Geometry geometry;
    private final SizeClasses classes;
    private final PageAllocator pages;
    private final Superblocks superblocks;
    private final LargeObjects larges;
    private final ThreadHeaps threads;
    private final BlockFinder finder;
    private final Pins pins;
    private final InFlight inFlight;
    private final Limbo limbo;
    private final LongAdder illegalFrees = new LongAdder();
    private final long addressSpace;
    private final int directMax;
    private final boolean zeroOnFree;

    BlockAllocator(
            ArenaFile arena,
            PageAllocator pages,
            Superblocks superblocks,
            LargeObjects larges,
            ThreadHeaps threads,
            BlockFinder finder,
            Pins pins,
            InFlight inFlight,
            boolean zeroOnFree) {
        this.arena = arena;
        this.memory = arena.memory();
        this.geometry = arena.geometry();
        this.classes = SizeClasses.of(geometry);
        this.pages = pages;
        this.superblocks = superblocks;
        this.larges = larges;
        this.threads = threads;
        this.finder = finder;
        this.pins = pins;
        this.inFlight = inFlight;
        this.addressSpace = geometry.addressSpace();
        this.directMax = Math.min(ThreadHeap.DIRECT_MAX, classes.maxSize());
        this.zeroOnFree = zeroOnFree;
        this.limbo = new Limbo(arena, finder, pins, inFlight, zeroOnFree);
    }

    /// How many frees were refused.
    long illegalFrees() {
        return illegalFrees.sum();
    }

    /// Allocates a block from the heap of the calling thread.
    long malloc(ThreadHeap heap, long size, Alloc alloc) {
        if (Long.compareUnsigned(size - 1, directMax) < 0 && alloc.alignment() == Geometry.GRANULE) {
            threads.enter(heap);
            try {
                return mallocDirect(heap, size, alloc);
            } finally {
                threads.exit(heap);
            }
        }
        checkSize(size);
        threads.enter(heap);
        try {
            return malloc(heap, size, alloc.kind(), alloc.alignment(), alloc.zeroed());
        } finally {
            threads.exit(heap);
        }
    }

    /// As [#malloc(ThreadHeap, long, Alloc)], inside an operation that has begun: closing does not come between.
    long mallocWithin(ThreadHeap heap, long size, Alloc alloc) {
        checkSize(size);
        threads.enterWithin(heap);
        try {
            return malloc(heap, size, alloc.kind(), alloc.alignment(), alloc.zeroed());
        } finally {
            threads.exit(heap);
        }
    }

    private long malloc(ThreadHeap heap, long size, ScanKind kind, int alignment, boolean zeroed) {
        int sizeClass = alignment == Geometry.GRANULE && size <= classes.maxSize()
                ? classes.classOf(size)
                : classes.classOf(size, alignment);
        return sizeClass >= 0
                ? mallocSmall(heap, size, sizeClass, kind, 0, alignment, zeroed)
                : mallocLarge(heap, size, kind, 0, alignment, zeroed);
    }

    /// Allocates a typed block, inside an operation that has begun.
    long mallocTyped(ThreadHeap heap, TypeLayout layout, long size) {
        checkSize(size);
        threads.enterWithin(heap);
        try {
            return size <= classes.maxSize()
                    ? mallocSmall(
                            heap, size, classes.classOf(size), ScanKind.TYPED, layout.number(), Geometry.GRANULE, true)
                    : mallocLarge(heap, size, ScanKind.TYPED, layout.number(), Geometry.GRANULE, true);
        } finally {
            threads.exit(heap);
        }
    }

    void checkSize(long size) {
        if (size < 1 || size > addressSpace) {
            throw new InvalidSize("size refused: size=" + size, "ask for 1 to " + addressSpace + " bytes here");
        }
    }

    /// The magazine for small requests of a kind without a layout, found by the size alone.
    private long mallocDirect(ThreadHeap heap, long size, Alloc alloc) {
        int slot = ThreadHeap.directSlot(RunTable.number(alloc.kind()), size);
        ThreadHeap.Magazine magazine = heap.direct[slot];
        if (magazine == null || magazine.count == 0) {
            magazine = filled(heap, classes.classOf(size), alloc.kind(), 0);
            if (magazine == null) {
                return mallocRun(size, alloc.kind(), 0, Geometry.GRANULE, alloc.zeroed());
            }
            heap.direct[slot] = magazine;
        }
        return pop(magazine, alloc.zeroed());
    }

    private long mallocSmall(
            ThreadHeap heap, long size, int sizeClass, ScanKind kind, int layout, int alignment, boolean zeroed) {
        ThreadHeap.Magazine magazine = filled(heap, sizeClass, kind, layout);
        return magazine == null ? mallocRun(size, kind, layout, alignment, zeroed) : pop(magazine, zeroed);
    }

    /// The magazine of a class with at least one block, or null when there is no superblock to be had.
    private ThreadHeap.@Nullable Magazine filled(ThreadHeap heap, int sizeClass, ScanKind kind, int layout) {
        int bin = superblocks.bin(kind, layout, sizeClass);
        ThreadHeap.Magazine magazine = heap.magazine(bin, classes.size(sizeClass));
        if (magazine.count > 0) {
            return magazine;
        }
        if (threads.worthTakingDead()) {
            threads.takeDead().forEach(superblocks::empty);
        }
        if (!superblocks.refill(magazine, bin, kind, layout, sizeClass)) {
            scavenge(heap);
            if (!superblocks.refill(magazine, bin, kind, layout, sizeClass)) {
                return null;
            }
        }
        return magazine;
    }

    /// Hands out the last block of a magazine. The superblock it used last is tried before the table.
    private long pop(ThreadHeap.Magazine magazine, boolean zeroed) {
        long offset = magazine.blocks[--magazine.count];
        Superblock superblock = magazine.recent;
        if (superblock == null || !superblock.holds(offset)) {
            superblock = superblocks.at(offset);
            if (superblock == null) {
                throw new IllegalStateException("cached block without a superblock: offset=" + offset);
            }
            magazine.recent = superblock;
        }
        if (zeroed) {
            memory.zero(offset, magazine.blockSize);
        }
        superblock.setAllocated(superblock.indexOfBlock(offset), flags(zeroed));
        return finder.pointer(offset);
    }

    private long mallocLarge(ThreadHeap heap, long size, ScanKind kind, int layout, int alignment, boolean zeroed) {
        LargeObject object = larges.allocate(size, kind, layout, alignment, flags(zeroed));
        if (object != null) {
            return handOut(object, zeroed);
        }
        scavenge(heap);
        return mallocRun(size, kind, layout, alignment, zeroed);
    }

    /// Allocates a run of pages of its own after everything free was scavenged: for large blocks, and for small
    /// ones when what is left does not make a superblock.
    private long mallocRun(long size, ScanKind kind, int layout, int alignment, boolean zeroed) {
        LargeObject object = larges.allocate(size, kind, layout, alignment, flags(zeroed));
        if (object == null) {
            throw full(size, kind, layout, alignment);
        }
        return handOut(object, zeroed);
    }

    private static int flags(boolean zeroed) {
        return zeroed ? Superblock.FRESH | Superblock.DIRTY : Superblock.FRESH;
    }

    private long handOut(LargeObject object, boolean zeroed) {
        if (zeroed) {
            memory.zero(object.base, larges.bytes(object));
        }
        return finder.pointer(object.base);
    }

    private void scavenge(ThreadHeap own) {
        superblocks.empty(own);
        threads.emptyStripes(own, superblocks::empty);
        threads.takeDead().forEach(superblocks::empty);
        superblocks.scavenge();
    }

    private Full full(long size, ScanKind kind, int layout, int alignment) {
        return new Full(
                "arena is full: path=" + arena.medium().name() + ", size=" + size + ", available="
                        + (pages.availablePages() << geometry.pageShift()),
                largest(kind, layout, alignment),
                "free something, or use an arena with more capacity (and a medium with room for it)");
    }

    /// The largest request like the one that failed that would be served now; everything free has been
    /// scavenged. On a medium that is short, looking takes memory: a child that is tried gets its metadata, which
    /// stays. So it is looked again until looking changes nothing.
    private long largest(ScanKind kind, int layout, int alignment) {
        long found = largestOnce(kind, layout, alignment);
        long before = -1;
        for (int looks = 1; found != before && looks < MOST_LOOKS; looks++) {
            before = found;
            found = largestOnce(kind, layout, alignment);
        }
        return found;
    }

    private long largestOnce(ScanKind kind, int layout, int alignment) {
        long large = larges.largest(alignment);
        int room = 0;
        for (int span = 1; span <= SizeClasses.MAX_SPAN && superblocks.hasRoom(span); span *= 2) {
            room = span;
        }
        for (int c = classes.count() - 1; c >= 0 && classes.size(c) > large; c--) {
            boolean aligned = classes.size(c) % alignment == 0;
            if (aligned && (classes.span(c) <= room || superblocks.hasListed(superblocks.bin(kind, layout, c)))) {
                return classes.size(c);
            }
        }
        return large;
    }

    /// Frees a block.
    void free(ThreadHeap heap, long pointer) {
        threads.enter(heap);
        freeEntered(heap, pointer, false);
    }

    /// As [#free], inside an operation that has begun: closing does not come between.
    void freeWithin(ThreadHeap heap, long pointer) {
        threads.enterWithin(heap);
        freeEntered(heap, pointer, false);
    }

    /// Frees a system block, inside an operation that has begun.
    void freeSystem(ThreadHeap heap, long pointer) {
        threads.enterWithin(heap);
        freeEntered(heap, pointer, true);
    }

    /// The superblock a heap freed into last is never one of system blocks, so that looking whether a block is one
    /// costs nothing where the last superblock is hit again.
    private void freeEntered(ThreadHeap heap, long pointer, boolean system) {
        try {
            long offset = finder.offset(pointer);
            Superblock superblock = heap.recent;
            if (superblock == null || !superblock.holds(offset)) {
                superblock = superblocks.at(offset);
                if (superblock == null || superblock.heldBack()) {
                    bringHome(heap, limbo.end(pointer, system));
                    return;
                }
                if (TypeLayout.isSystem(superblock.layout) != system) {
                    throw finder.notAllocated(pointer);
                }
                if (!system) {
                    heap.recent = superblock;
                }
            }
            int index = superblock.indexOf(offset);
            if (index < 0) {
                throw finder.interior(pointer, offset);
            }
            pins.check(pointer);
            int former = superblock.tryFree(index);
            if (former == 0) {
                throw finder.notAllocated(pointer);
            }
            if (pins.isPinned(offset)) {
                superblock.undoFree(index, former);
                throw Pins.refusal(pointer);
            }
            inFlight.awaitNone(offset, superblock.blockSize);
            if (zeroOnFree) {
                wipe(offset, superblock.blockSize);
            }
            push(heap, superblock, offset);
        } catch (BtdException refused) {
            illegalFrees.increment();
            throw refused;
        } finally {
            threads.exit(heap);
        }
    }

    private void push(ThreadHeap heap, Superblock superblock, long offset) {
        ThreadHeap.Magazine magazine = heap.magazine(superblock.bin, superblock.blockSize);
        if (magazine.count == magazine.limit) {
            superblocks.flush(magazine, (magazine.limit + 1) / 2);
        }
        magazine.blocks[magazine.count++] = offset;
    }

    /// Frees a block in two steps: this one takes it from its holder, [#bringHome] lets it be allocated again.
    void unallocate(long pointer) {
        try {
            limbo.enter(pointer);
        } catch (BtdException refused) {
            illegalFrees.increment();
            throw refused;
        }
    }

    /// The second step, inside an operation that has begun.
    void bringHome(ThreadHeap heap, long pointer) {
        threads.enterWithin(heap);
        try {
            bringHome(heap, limbo.leave(pointer));
        } finally {
            threads.exit(heap);
        }
    }

    /// Frees a block unless a pointer to it was ever stored, or it is free already; inside an operation that has
    /// begun. Returns the place of the block it freed, or null.
    @Nullable
    Block freeIfFresh(ThreadHeap heap, long pointer) {
        threads.enterWithin(heap);
        try {
            Block block = limbo.endIfFresh(pointer);
            if (block != null) {
                bringHome(heap, block);
            }
            return block;
        } finally {
            threads.exit(heap);
        }
    }

    /// Lets a block that nobody has be allocated again: at once, or, where it is held back, with the decision.
    private void bringHome(ThreadHeap heap, Block block) {
        if (block.heldBack()) {
            block.tryState(0, Superblock.AWAITING);
            if (block.heldBack() || !block.tryState(Superblock.AWAITING, 0)) {
                return; // whoever decides finds it
            }
        }
        Superblock superblock = block.superblock();
        LargeObject large = block.large();
        if (superblock != null) {
            push(heap, superblock, block.base());
        } else if (large != null) {
            larges.release(large);
        }
    }

    private void wipe(long offset, long bytes) {
        memory.zero(offset, bytes);
        memory.persist(offset, bytes, HeapSite.WIPE);
    }
}
