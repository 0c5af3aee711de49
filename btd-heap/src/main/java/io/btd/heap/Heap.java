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
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    private final RunTable runs;
    private final boolean zeroOnFree;
    private final Reach reach;
    private final @Nullable Undecided undecided;
    private volatile boolean owesMarking;

    /// Takes up the heap of an arena that is used by this process alone.
    ///
    /// @param zeroOnFree whether freed blocks are overwritten with zeros, persistently
    /// @throws io.btd.api.BtdException.ArenaUnusable when the arena contradicts itself
    public Heap(ArenaFile arena, boolean zeroOnFree) {
        this(arena, zeroOnFree, Reach.ARENA, null);
    }

    /// Takes up the heap of an arena.
    ///
    /// @param zeroOnFree whether freed blocks are overwritten with zeros, persistently
    /// @param reach whether pointers to other nodes' blocks may be stored
    /// @param unreached what marking did not reach and nobody has given back; null when nothing is left to decide
    /// @throws io.btd.api.BtdException.ArenaUnusable when the arena contradicts itself
    public Heap(ArenaFile arena, boolean zeroOnFree, Reach reach, @Nullable Unreached unreached) {
        this.arena = arena;
        this.reach = reach;
        this.zeroOnFree = zeroOnFree;
        memory = arena.memory();
        classes = SizeClasses.of(arena.geometry());
        pages = new PageAllocator(arena);
        runs = new RunTable(arena);
        layouts = new LayoutTable(arena);
        superblocks = new Superblocks(arena, pages, runs);
        larges = new LargeObjects(arena, pages, runs);
        threads = new ThreadHeaps(arena.medium().name(), reach == Reach.CLUSTER);
        finder = new BlockFinder(arena, superblocks, larges, layouts, reach);
        allocator = new BlockAllocator(arena, pages, superblocks, larges, threads, finder, pins, inFlight, zeroOnFree);
        runs.walk(pages.bits(), layouts, (page, head) -> takeUp(page, head, unreached));
        undecided = unreached == null
                ? null
                : new Undecided(
                        memory, finder, this::oweMarking, superblocks, larges, classes, unreached.before(), zeroOnFree);
        if (reach == Reach.ARENA && SessionTable.forget(arena)) {
            oweMarking();
        }
    }

    private void takeUp(long page, long head, @Nullable Unreached unreached) {
        boolean superblock = RunTable.state(head) == RunTable.SUPERBLOCK;
        if (unreached == null) {
            if (superblock) {
                superblocks.adopt(page, head, Superblock.Origin.KNOWN);
            } else {
                larges.adopt(page, head);
            }
        } else if (superblock) {
            Superblock heldBack = superblocks.adopt(page, head, Superblock.Origin.UNDECIDED);
            long[] inUse = unreached.inUse().get(page);
            if (inUse != null) {
                heldBack.onlyInUse(inUse);
            }
        } else {
            larges.holdBack(page, head, !unreached.larges().contains(page));
        }
    }

    /// How far this heap's pointers reach.
    public Reach reach() {
        return reach;
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

    /// Frees a system block, inside an operation that has begun.
    void freeSystem(long pointer) {
        allocator.freeSystem(threads.current(), pointer);
    }

    // --- pointers about to be stored

    /// Makes a block fit to be referred to: what was written to it through the cluster becomes persistent.
    ///
    /// @param pointer of a live block
    /// @throws io.btd.api.BtdException.InvalidPointer when it is none
    public void beforePointerTo(long pointer) {
        beforePointerTo(finder.blockAt(pointer));
    }

    /// As [#beforePointerTo(long)], of any block, a system block too.
    void beforePointerTo(Block block) {
        int state = block.state();
        if ((state & (Superblock.LIVE | Superblock.FRESH | Superblock.DIRTY)) == Superblock.LIVE) {
            return;
        }
        if (!block.tryFlags(0, Superblock.FRESH)) {
            throw finder.notAllocated(finder.pointer(block.base())); // freed meanwhile
        }
        inFlight.awaitNone(block.base(), block.size());
        while (block.dirty()) {
            if (block.tryBeginWriteBack()) {
                writeBack(block, HeapSite.BLOCK_BEFORE_POINTER);
                return;
            }
            Interleaving.spin(); // another thread writes it back; it may not be referred to before that is done
        }
    }

    /// As [#beforePointerTo(long)]; a block of another node is fit if it was `exported` there.
    ///
    /// @throws ForeignPointers when it was not
    public void beforePointerTo(long pointer, boolean exported) {
        if (!passesAsForeign(pointer, exported)) {
            beforePointerTo(pointer);
        }
    }

    /// Looks whether a pointer may be stored, and changes nothing.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it leads to no live block
    /// @throws ForeignPointers when it leads to another node, and was not `exported` there
    void checkTarget(long pointer, boolean exported) {
        if (!passesAsForeign(pointer, exported)) {
            finder.blockAt(pointer);
        }
    }

    private boolean passesAsForeign(long pointer, boolean exported) {
        boolean foreign = finder.isForeign(pointer);
        if (foreign && !exported) {
            throw new ForeignPointers(pointer);
        }
        return foreign;
    }

    /// Makes a block fit to be referred to from other nodes, durably: what was written to it is persistent, and its
    /// run is marked, so that this node alone never gives it back.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it is no live block
    public void export(long pointer) {
        try (var _ = begin()) {
            beforePointerTo(pointer);
            Block block = finder.blockAt(pointer);
            if (!block.export(runs) || !block.live()) {
                throw finder.notAllocated(pointer); // freed meanwhile
            }
        }
    }

    private void writeBack(Block block, HeapSite site) {
        try {
            memory.persist(block.base(), block.size(), site);
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

    // --- held by sessions

    /// Allocates a block that its holder may declare after a crash: it then holds what was written to it, else zeros.
    public long mallocHeld(long size, Alloc alloc) {
        try (var _ = begin()) {
            long pointer = mallocWithin(size, alloc);
            persistHeld(pointer);
            return pointer;
        }
    }

    /// As [#mallocHeld(long, Alloc)], typed.
    public long mallocHeld(Layout layout, long size) {
        try (var _ = begin()) {
            long pointer = malloc(layout, size);
            persistHeld(pointer);
            return pointer;
        }
    }

    /// Makes what was written to a block persistent, without making it fit to be referred to.
    ///
    /// @param pointer of a live block that no other thread uses yet
    public void persistHeld(long pointer) {
        Block block = finder.blockAt(pointer);
        if (block.tryBeginWriteBack()) {
            writeBack(block, HeapSite.HELD);
        }
    }

    /// Frees a block in two steps. This one refuses what [#free] refuses and takes the block from whoever uses it,
    /// but it has no new life before [#bringHome]. At an orderly close, it is brought home.
    public void unallocate(long pointer) {
        try (var _ = begin()) {
            allocator.unallocate(pointer);
        }
    }

    /// As [#unallocate(long)], inside an operation that has begun: closing does not come between.
    public void unallocateWithin(long pointer) {
        allocator.unallocate(pointer);
    }

    /// Completes [#unallocate]: the block may be allocated again.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it is not the start of a block in limbo
    public void bringHome(long pointer) {
        try (var _ = begin()) {
            allocator.bringHome(threads.current(), pointer);
        }
    }

    /// Frees a block if no pointer to it was ever stored; says whether it did. What is free already stays so.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it does not lie in this arena
    public boolean freeIfFresh(long pointer) {
        try (var _ = begin()) {
            Block block = finder.isBlock(pointer) ? finder.blockAt(pointer) : null;
            boolean refers = block != null && finder.refersToBlocks(block.kind(), block.base(), block.size());
            boolean freed = allocator.freeIfFresh(threads.current(), pointer) != null;
            if (freed && refers) {
                oweMarking(); // what it referred to may be unreachable now
            }
            return freed;
        }
    }

    /// Whether it is open after a crash which blocks live: memory that came free in it is not to be had yet, so that
    /// exhaustion is no final word.
    public boolean undecided() {
        return undecided != null && undecided.pending();
    }

    /// Says that a session holds a block since before the crash. True if it is allocated since then, now or still;
    /// false for anything else, and when it was decided already.
    public boolean declare(long pointer) {
        try (var _ = begin()) {
            if (undecided == null || !finder.isOurs(pointer) || pointer % GlobalPointer.ALIGNMENT != 0) {
                return false;
            }
            Block place = finder.place(GlobalPointer.offset(pointer));
            return place != null && !place.system() && undecided.declare(place);
        }
    }

    /// Ends the time of declarations: what no root reaches and nobody declared comes home, runs that are empty then
    /// are given back. Only blocks in exported runs stay allocated. Does nothing when it was decided.
    public Decision decide() {
        try (var _ = begin()) {
            return undecided == null ? new Decision(List.of(), List.of(), List.of(), 0) : undecided.decide();
        }
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
        return close(false);
    }

    /// As [#close()]. With `keepFresh` blocks that nothing refers to are kept for sessions that go on: the arena is
    /// then to be marked at its next open, which waits for them to be declared. While [#undecided] they are kept
    /// in any case.
    public Optional<Boolean> close(boolean keepFresh) {
        List<ThreadHeap> all = new ArrayList<>();
        if (!threads.close(all)) {
            return Optional.empty();
        }
        all.forEach(superblocks::empty);
        boolean keep = keepFresh || undecided();
        boolean settled = new SessionEnd(arena, superblocks, larges, finder, pins).settle(zeroOnFree, keep);
        superblocks.scavenge();
        superblocks.forEach(superblock -> superblock.writeBackBitmap(ArenaSite.CLOSE_STATE));
        pages.bits().writeBackAll(ArenaSite.CLOSE_STATE);
        return Optional.of(settled && !keep && !owesMarking);
    }
}
