// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import io.btd.pages.PageAllocator;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Every superblock of an arena: finds one by an address, makes and retires them, and keeps magazines
/// filled. Lock-free; makes a system call only when pages come or go.
///
/// Making one: page bits durable, then the head durable ([RunTable#publish]), then blocks are handed out.
/// Retiring one: the head durably cleared, then the memory given back, then the page bits cleared.
final class Superblocks {
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(Superblock[][].class);
    private static final int KEEP_UNITS = 256;

    private final PersistentMemory memory;
    private final Geometry geometry;
    private final SizeClasses classes;
    private final PageAllocator pages;
    private final RunTable runs;
    private final SuperblockPool pool;
    private final long dataOffset;
    private final int unitShift;
    private final int childShift;
    private final int unitsPerChild;
    private final @Nullable Superblock[] @Nullable [] byChild;

    Superblocks(ArenaFile arena, PageAllocator pages, RunTable runs) {
        this.memory = arena.memory();
        this.geometry = arena.geometry();
        this.classes = SizeClasses.of(geometry);
        this.pages = pages;
        this.runs = runs;
        this.pool = new SuperblockPool(
                classes, (int) Math.min(KEEP_UNITS, geometry.capacityPages() / geometry.unitPages() / 8));
        this.dataOffset = geometry.dataOffset();
        this.unitShift = geometry.unitShift();
        this.childShift = Long.numberOfTrailingZeros(geometry.childBytes());
        this.unitsPerChild = 1 << childShift - unitShift;
        this.byChild = new Superblock[geometry.children()][];
    }

    /// The bin of blocks that share class, kind and layout.
    int bin(ScanKind kind, int layout, int sizeClass) {
        int row = kind == ScanKind.TYPED ? 1 + layout : RunTable.number(kind);
        return row * classes.count() + sizeClass;
    }

    /// The superblock that contains an offset in the data, or null.
    @Nullable
    Superblock at(long offset) {
        Interleaving.point();
        long inside = offset - dataOffset;
        @Nullable Superblock[] chunk = byChild[(int) (inside >>> childShift)];
        return chunk == null ? null : chunk[(int) (inside >>> unitShift) & unitsPerChild - 1];
    }

    /// Takes up a superblock that the arena has.
    Superblock adopt(long page, long head, Superblock.Origin origin) {
        int bin = bin(RunTable.kind(head), RunTable.layout(head), RunTable.sizeClass(head));
        Superblock superblock = new Superblock(memory, geometry, classes, page, head, bin, origin);
        index(superblock, superblock);
        if (superblock.status() == Superblock.LISTED) {
            pool.list(superblock);
        }
        return superblock;
    }

    void forEach(Consumer<Superblock> action) {
        for (@Nullable Superblock[] chunk : byChild) {
            if (chunk == null) {
                continue;
            }
            Superblock previous = null;
            for (Superblock superblock : chunk) {
                if (superblock != null && superblock != previous) {
                    action.accept(superblock);
                }
                previous = superblock;
            }
        }
    }

    private void index(Superblock superblock, @Nullable Superblock value) {
        long inside = superblock.base - dataOffset;
        int child = (int) (inside >>> childShift);
        @Nullable Superblock[] chunk = byChild[child];
        if (chunk == null) {
            CHUNK.compareAndSet(byChild, child, (Superblock[]) null, new Superblock[unitsPerChild]);
            chunk = byChild[child];
        }
        int first = (int) (inside >>> unitShift) & unitsPerChild - 1;
        Interleaving.point();
        if (chunk != null) {
            Arrays.fill(chunk, first, first + classes.span(superblock.sizeClass), value);
        }
    }

    // --- filling and emptying magazines

    /// Fills an empty magazine; false when there are no blocks and no pages.
    boolean refill(ThreadHeap.Magazine magazine, int bin, ScanKind kind, int layout, int sizeClass) {
        while (true) {
            Superblock current = magazine.current;
            if (current != null) {
                int claimed = current.claim(magazine.blocks, magazine.limit);
                if (claimed > 0) {
                    magazine.count = claimed;
                    return true;
                }
                magazine.current = null;
                release(current);
            }
            Superblock next = pool.take(bin);
            if (next == null) {
                next = make(bin, kind, layout, sizeClass);
            }
            if (next == null) {
                return false;
            }
            magazine.current = next;
        }
    }

    /// Whether somebody left a superblock of this bin with free blocks.
    boolean hasListed(int bin) {
        return pool.has(bin);
    }

    /// Whether there is room for a new superblock of this span, in units.
    boolean hasRoom(int span) {
        int runPages = span * geometry.unitPages();
        return pages.hasRoom(runPages, runPages);
    }

    /// Brings the `n` oldest blocks of a magazine home.
    void flush(ThreadHeap.Magazine magazine, int n) {
        long[] blocks = magazine.blocks;
        Arrays.sort(blocks, 0, n);
        int i = 0;
        while (i < n) {
            Superblock superblock = known(blocks[i]);
            int word = superblock.indexOf(blocks[i]) / 64;
            long bits = 0;
            while (i < n && known(blocks[i]) == superblock && superblock.indexOf(blocks[i]) / 64 == word) {
                bits |= 1L << superblock.indexOf(blocks[i]) % 64;
                i++;
            }
            superblock.bringHome(word, bits);
            settle(superblock);
        }
        System.arraycopy(blocks, n, blocks, 0, magazine.count - n);
        magazine.count -= n;
    }

    private Superblock known(long offset) {
        Superblock superblock = at(offset);
        if (superblock == null) {
            throw new IllegalStateException("block without a superblock: offset=" + offset);
        }
        return superblock;
    }

    /// Brings everything a heap caches home and gives up its superblocks.
    void empty(ThreadHeap heap) {
        for (ThreadHeap.Magazine magazine : heap.magazines) {
            if (magazine == null) {
                continue;
            }
            Superblock current = magazine.current;
            magazine.current = null;
            flush(magazine, magazine.count);
            if (current != null) {
                release(current);
            }
        }
    }

    /// Gives up an owned superblock.
    private void release(Superblock superblock) {
        superblock.setStatus(Superblock.FULL);
        settle(superblock);
    }

    /// Lists or retires a superblock that nobody owns, if it has become worth it. An owner that gives one up
    /// settles it again, so that what comes home meanwhile is not overlooked.
    private void settle(Superblock superblock) {
        int status = superblock.status();
        if (status == Superblock.OWNED || status >= Superblock.RETIRING) {
            return;
        }
        if (superblock.isEmpty() && !pool.keep(superblock)) {
            retire(superblock);
        } else if (superblock.worthListing() && superblock.tryStatus(Superblock.FULL, Superblock.LISTED)) {
            pool.list(superblock);
        }
    }

    private @Nullable Superblock make(int bin, ScanKind kind, int layout, int sizeClass) {
        int runPages = classes.span(sizeClass) * geometry.unitPages();
        long page = pages.allocate(runPages, runPages);
        if (page < 0) {
            return null;
        }
        long head = RunTable.pack(RunTable.SUPERBLOCK, kind, sizeClass, layout, runPages);
        Superblock superblock = new Superblock(memory, geometry, classes, page, head, bin, Superblock.Origin.NEW);
        index(superblock, superblock);
        runs.publish(page, head);
        return superblock;
    }

    private void retire(Superblock superblock) {
        if (!superblock.tryStatus(Superblock.LISTED, Superblock.RETIRING)
                && !superblock.tryStatus(Superblock.FULL, Superblock.RETIRING)) {
            return;
        }
        if (!superblock.isEmpty() || !superblock.bitmapIsClear()) {
            release(superblock);
            return;
        }
        pool.forgetKept(superblock);
        runs.retire(superblock.page);
        index(superblock, null);
        pages.free(superblock.page, (long) classes.span(superblock.sizeClass) * geometry.unitPages());
        pool.dropRetired(superblock.bin);
    }

    /// Lets superblocks that were held back take part again; those without an allocated block are retired, with
    /// one fence for all heads. Returns how many pages came back.
    long admit(List<Superblock> heldBack) {
        List<Superblock> empty = new ArrayList<>();
        for (Superblock superblock : heldBack) {
            if (superblock.isEmpty() && superblock.tryStatus(Superblock.FULL, Superblock.RETIRING)) {
                if (superblock.bitmapIsClear()) {
                    empty.add(superblock);
                    continue;
                }
                superblock.setStatus(Superblock.FULL);
            }
            settle(superblock);
        }
        runs.retire(empty.stream().mapToLong(superblock -> superblock.page));
        long given = 0;
        for (Superblock superblock : empty) {
            long span = (long) classes.span(superblock.sizeClass) * geometry.unitPages();
            pool.forgetKept(superblock);
            index(superblock, null);
            pages.free(superblock.page, span);
            pool.dropRetired(superblock.bin);
            given += span;
        }
        return given;
    }

    /// Makes what is free anywhere usable: retires empty superblocks, lists those with any free block.
    void scavenge() {
        forEach(superblock -> {
            if (superblock.isEmpty()) {
                retire(superblock);
            } else if (superblock.home() > 0 && superblock.tryStatus(Superblock.FULL, Superblock.LISTED)) {
                pool.list(superblock);
            }
        });
    }
}
