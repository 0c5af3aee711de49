// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.ScanKind;
import io.btd.pages.PageBits;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;
import java.util.stream.LongStream;

/// What the runs of pages are: one word per page, not zero for the first page of a run only. *Persistent*,
/// eagerly: published by one store before the first block of the run leaves, cleared by one store before
/// the pages are given back.
///
/// ```
///  63                      32 31            16 15       8 7  6 5  4 3    0
/// +--------------------------+----------------+----------+----+----+------+
/// |      pages of the run    |     layout     |size class| fl |kind|state |
/// +--------------------------+----------------+----------+----+----+------+
/// ```
///
/// State 1: superblock, 2: large object. Kind: OPAQUE 0, POINTERS 1, TYPED 2. Layout and size class are 0
/// where they mean nothing. Bit 6 is EXPORTED: other nodes may refer to blocks of the run. Bit 7 is kept for
/// FORWARDED.
public final class RunTable {
    /// Not the head of a run.
    public static final int FREE = 0;
    /// A superblock.
    public static final int SUPERBLOCK = 1;
    /// A large object.
    public static final int LARGE = 2;
    /// Other nodes may refer to blocks of the run.
    static final long EXPORTED = 1L << 6;

    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final Geometry geometry;

    /// The table of `arena`.
    public RunTable(ArenaFile arena) {
        this.arena = arena;
        memory = arena.memory();
        geometry = arena.geometry();
    }

    /// The head word of a page; its child's metadata is reserved.
    public long head(long page) {
        return memory.getLong(geometry.runHead(page));
    }

    /// Who walks the runs.
    public interface Visitor {
        /// Pages of this child are in use; called before a head in it is read.
        default void child(int child) {}

        /// A sound run, whose pages are all in use and no other's.
        void run(long page, long head);
    }

    /// Visits every run in the order of addresses, found by walking the page bits and the heads they cover.
    ///
    /// @throws io.btd.api.BtdException.ArenaUnusable when bits and heads contradict each other
    public void walk(PageBits bits, LayoutTable layouts, Visitor visitor) {
        long end = 0;
        for (int word = 0; word < bits.words(); word++) {
            long set = bits.word(word);
            if (set != 0) {
                visitor.child(word / (Geometry.CHILD_PAGES / Long.SIZE));
            }
            for (; set != 0; set &= set - 1) {
                long page = (long) word * Long.SIZE + Long.numberOfTrailingZeros(set);
                long head = head(page);
                if (head == 0) {
                    continue;
                }
                String fault = page < end ? "page of two runs" : fault(head, page, geometry, layouts);
                if (!fault.isEmpty()) {
                    throw corrupt(page, fault);
                }
                end = page + pages(head);
                for (long covered = page; covered < end; covered++) {
                    if (!bits.isSet(covered)) {
                        throw corrupt(covered, "page of a run is not in use");
                    }
                }
                visitor.run(page, head);
            }
        }
    }

    private ArenaUnusable corrupt(long page, String what) {
        return arena.corrupt("page=" + page + ", found=" + what);
    }

    /// Publishes a run: *the linearising store of making it*.
    void publish(long page, long head) {
        long at = geometry.runHead(page);
        memory.setLongRelease(at, head);
        memory.persist(at, 8, HeapSite.RUN_PUBLISH);
    }

    /// Clears a head: *the linearising store of giving a run back*. Durable on return.
    void retire(long page) {
        clear(page, HeapSite.RUN_RETIRE);
        memory.fence(HeapSite.RUN_RETIRE);
    }

    /// As [#retire(long)], of several runs, with one fence.
    void retire(LongStream pages) {
        pages.forEach(page -> clear(page, HeapSite.RUN_RETIRE));
        memory.fence(HeapSite.RUN_RETIRE);
    }

    /// Clears a head and starts writing that back; the caller fences before the pages are given back.
    public void clear(long page, PersistSite site) {
        long at = geometry.runHead(page);
        memory.setLongRelease(at, 0);
        memory.writeBack(at, 8, site);
    }

    /// Marks a run exported: *one compare-and-set, durable on return*. False when no run begins there (any more).
    boolean export(long page) {
        long at = geometry.runHead(page);
        long head;
        do {
            head = memory.getLongAcquire(at);
            if (state(head) == FREE) {
                return false;
            }
        } while (!exported(head) && !memory.compareAndSetLong(at, head, head | EXPORTED));
        memory.persist(at, 8, HeapSite.RUN_EXPORT);
        return true;
    }

    /// Whether other nodes may refer to blocks of the run.
    public static boolean exported(long head) {
        return (head & EXPORTED) != 0;
    }

    /// Packs a head.
    static long pack(int state, ScanKind kind, int sizeClass, int layout, long pages) {
        return pages << 32 | (long) layout << 16 | (long) sizeClass << 8 | (long) number(kind) << 4 | state;
    }

    /// What the run is.
    public static int state(long head) {
        return (int) head & 0xf;
    }

    /// Its scan kind, as a number; 3 does not exist.
    public static int kindNumber(long head) {
        return (int) (head >>> 4) & 3;
    }

    /// The number of a scan kind.
    static int number(ScanKind kind) {
        return switch (kind) {
            case OPAQUE -> 0;
            case POINTERS -> 1;
            case TYPED -> 2;
        };
    }

    /// Its scan kind.
    public static ScanKind kind(long head) {
        return switch (kindNumber(head)) {
            case 0 -> ScanKind.OPAQUE;
            case 1 -> ScanKind.POINTERS;
            default -> ScanKind.TYPED;
        };
    }

    /// Its size class.
    public static int sizeClass(long head) {
        return (int) (head >>> 8) & 0xff;
    }

    /// The number of its layout, 0 for none.
    public static int layout(long head) {
        return (int) (head >>> 16) & 0xffff;
    }

    /// Its pages.
    public static long pages(long head) {
        return head >>> 32;
    }

    /// What is wrong with a head, or an empty string.
    public static String fault(long head, long page, Geometry geometry, LayoutTable layouts) {
        int state = state(head);
        if (state != SUPERBLOCK && state != LARGE || (head & 0x80) != 0 || kindNumber(head) == 3) {
            return "unknown run";
        }
        if (pages(head) < 1 || page + pages(head) > geometry.pages()) {
            return "run leaves the address space";
        }
        boolean typed = kind(head) == ScanKind.TYPED;
        if (typed && (layout(head) < 1 || layout(head) > layouts.count()) || !typed && layout(head) != 0) {
            return "unknown layout";
        }
        String fault = state == LARGE ? faultOfLarge(head) : faultOfSuperblock(head, page, geometry);
        if (fault.isEmpty() && typed && layouts.get(layout(head)).layout().size() > blockBytes(head, geometry)) {
            return "block smaller than its layout";
        }
        return fault;
    }

    private static String faultOfLarge(long head) {
        return sizeClass(head) == 0 ? "" : "large object with a size class";
    }

    private static String faultOfSuperblock(long head, long page, Geometry geometry) {
        SizeClasses classes = SizeClasses.of(geometry);
        if (sizeClass(head) >= classes.count()) {
            return "unknown size class";
        }
        long expected = (long) classes.span(sizeClass(head)) * geometry.unitPages();
        return pages(head) == expected && page % expected == 0 ? "" : "superblock of a wrong size";
    }

    /// Usable bytes of a block of a run.
    public static long blockBytes(long head, Geometry geometry) {
        return state(head) == LARGE
                ? pages(head) << geometry.pageShift()
                : SizeClasses.of(geometry).size(sizeClass(head));
    }
}
