// SPDX-License-Identifier: Apache-2.0
package io.btd.pages;

import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.Interleaving;
import io.btd.pmem.Medium;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/// Allocates runs of pages, lock-free. Superblocks, large objects and log extents come from here.
///
/// 1. Take the pages from the capacity account.
/// 2. Find a run: children whose counter promises enough, a word at a time; what does not fit in a word is
///    sought over word borders. Set its bits, all or nothing.
/// 3. Reserve memory for the run and for the metadata of the children it touches.
/// 4. Write the bits back and fence: *from here on the run survives a crash as "in use"*, and the caller may
///    publish what it is for. Until then recovery gives it back.
///
/// Freeing goes the other way round: the caller makes the description durable first, then the memory is
/// given back, then the bits are cleared; nobody has to make the clearing durable, since a bit without a
/// description is cleared by recovery.
///
/// The bits are *persistent*; the counters and the capacity account are *rebuilt* from them.
public final class PageAllocator {
    /// No run of this length is free.
    public static final long NO_ROOM = -1;
    /// The medium could not back the run.
    public static final long MEDIUM_FULL = -2;

    private static final int CHILD_WORDS = Geometry.CHILD_PAGES / PageBits.WORD_PAGES;

    private final Geometry geometry;
    private final Medium medium;
    private final PageBits bits;
    private final AtomicIntegerArray freeInChild;
    private final AtomicLong available;
    private final AtomicInteger hint = new AtomicInteger();
    /// Whether the medium ever refused a run: then it is smaller than the capacity, and its word counts.
    private volatile boolean mediumShort;

    /// Rebuilds the counters from the bits.
    public PageAllocator(ArenaFile arena) {
        geometry = arena.geometry();
        medium = arena.medium();
        bits = new PageBits(arena);
        freeInChild = new AtomicIntegerArray(geometry.children());
        long used = 0;
        for (int child = 0; child < geometry.children(); child++) {
            int set = 0;
            for (int word = 0; word < CHILD_WORDS; word++) {
                set += Long.bitCount(bits.word(child * CHILD_WORDS + word));
            }
            freeInChild.set(child, Geometry.CHILD_PAGES - set);
            used += set;
        }
        available = new AtomicLong(geometry.capacityPages() - used);
    }

    /// Takes a run of pages; durable on return.
    ///
    /// @param pages how many, at least 1
    /// @param alignment of the first page's number, a power of two
    /// @return the first page, [#NO_ROOM] or [#MEDIUM_FULL]
    public long allocate(long pages, int alignment) {
        if (!takeFromCapacity(pages)) {
            return NO_ROOM;
        }
        long first = pages <= PageBits.WORD_PAGES ? takeInWord((int) pages, alignment) : NO_ROOM;
        if (first < 0) {
            first = takeAcrossWords(pages, alignment);
        }
        if (first < 0) {
            available.addAndGet(pages);
            return NO_ROOM;
        }
        Interleaving.point();
        count(first, pages, -1);
        if (!back(first, pages)) {
            free(first, pages);
            mediumShort = true;
            return MEDIUM_FULL;
        }
        bits.writeBack(first, pages, PageSite.ALLOCATE);
        medium.memory().fence(PageSite.ALLOCATE);
        return first;
    }

    /// Gives a run back. Whatever described it must be durably gone.
    public void free(long first, long pages) {
        medium.punch(geometry.pageOffset(first), pages << geometry.pageShift());
        give(first, pages);
    }

    /// Reserves the metadata of a child, so that it may be touched; false when the medium is full.
    public static boolean reserveMetadata(ArenaFile arena, int child) {
        Geometry geometry = arena.geometry();
        return arena.medium().reserve(geometry.childMetadata(child), geometry.childMetadataBytes());
    }

    /// Pages of the capacity that are not in use.
    public long availablePages() {
        return available.get();
    }

    /// The longest run that could be allocated now, in pages.
    public long longestFreeRun() {
        long longest = 0;
        long run = 0;
        for (int index = 0; index < bits.words(); index++) {
            long word = bits.word(index);
            if (word == 0) {
                run += PageBits.WORD_PAGES;
                continue;
            }
            run += Long.numberOfTrailingZeros(word);
            longest = Math.max(longest, run);
            longest = Math.max(longest, longestZeros(word));
            run = Long.numberOfLeadingZeros(word);
        }
        return Math.min(Math.max(longest, run), available.get());
    }

    /// Whether a run of this length and alignment could be allocated now. On a medium smaller than the capacity
    /// only trying tells: the run is taken and given back.
    public boolean hasRoom(long pages, int alignment) {
        if (pages > available.get() || nextFreeRun(0, pages, alignment) < 0) {
            return false;
        }
        if (!mediumShort) {
            return true;
        }
        long first = allocate(pages, alignment);
        if (first >= 0) {
            free(first, pages);
        }
        return first >= 0;
    }

    /// A length that could be allocated now at this alignment, in pages, 0 for none: the longest, or, where the
    /// medium is short, at least half of that.
    public long longestRun(int alignment) {
        long pages = longestFreeRun();
        while (pages > 0 && !hasRoom(pages, alignment)) {
            pages = mediumShort ? pages / 2 : pages - 1;
        }
        return pages;
    }

    /// Bytes outside the capacity that have memory behind them: the fixed part, and the metadata of children
    /// in use.
    public long metadataBytes() {
        long used = 0;
        for (int child = 0; child < geometry.children(); child++) {
            used += freeInChild.get(child) < Geometry.CHILD_PAGES ? geometry.childMetadataBytes() : 0;
        }
        return geometry.fixedEnd() + used;
    }

    /// The bits.
    public PageBits bits() {
        return bits;
    }

    private boolean takeFromCapacity(long pages) {
        while (true) {
            Interleaving.point();
            long now = available.get();
            if (pages > now) {
                return false;
            }
            if (available.compareAndSet(now, now - pages)) {
                return true;
            }
        }
    }

    private long takeInWord(int pages, int alignment) {
        int children = geometry.children();
        int start = hint.get();
        for (int i = 0; i < children; i++) {
            int child = (start + i) % children;
            if (freeInChild.get(child) < pages) {
                continue;
            }
            for (int word = child * CHILD_WORDS; word < (child + 1) * CHILD_WORDS; word++) {
                int at = takeFromWord(word, pages, alignment);
                if (at >= 0) {
                    if (child != start) {
                        hint.set(child);
                    }
                    return (long) word * PageBits.WORD_PAGES + at;
                }
            }
        }
        return NO_ROOM;
    }

    private int takeFromWord(int index, int pages, int alignment) {
        int step = Math.min(alignment, PageBits.WORD_PAGES);
        long run = pages == PageBits.WORD_PAGES ? -1L : (1L << pages) - 1;
        while (true) {
            long word = bits.word(index);
            int at = findRun(word, run, pages, step);
            if (at < 0 || (long) index * PageBits.WORD_PAGES % alignment != 0 && alignment > PageBits.WORD_PAGES) {
                return -1;
            }
            if (bits.trySet(index, word, run << at)) {
                return at;
            }
        }
    }

    private static int findRun(long word, long run, int pages, int step) {
        for (int at = 0; at + pages <= PageBits.WORD_PAGES; at += step) {
            if ((word & run << at) == 0) {
                return at;
            }
        }
        return -1;
    }

    private long takeAcrossWords(long pages, int alignment) {
        long first = 0;
        while ((first = nextFreeRun(first, pages, alignment)) >= 0) {
            if (bits.trySetRun(first, pages)) {
                return first;
            }
            first += alignment;
        }
        return NO_ROOM;
    }

    /// The first aligned run of free pages at or behind `from`, or -1.
    private long nextFreeRun(long from, long pages, int alignment) {
        long first = roundUp(from, alignment);
        long page = first;
        while (first + pages <= geometry.pages()) {
            if (page == first + pages) {
                return first;
            }
            int at = (int) (page % PageBits.WORD_PAGES);
            long rest = bits.word((int) (page / PageBits.WORD_PAGES)) >>> at;
            int free = Math.min(Long.numberOfTrailingZeros(rest), PageBits.WORD_PAGES - at);
            if (free == 0) {
                first = roundUp(page + 1, alignment);
                page = first;
            } else {
                page = Math.min(page + free, first + pages);
            }
        }
        return -1;
    }

    private boolean back(long first, long pages) {
        if (!medium.reserve(geometry.pageOffset(first), pages << geometry.pageShift())) {
            return false;
        }
        int last = (int) ((first + pages - 1) / Geometry.CHILD_PAGES);
        for (int child = (int) (first / Geometry.CHILD_PAGES); child <= last; child++) {
            if (!medium.reserve(geometry.childMetadata(child), geometry.childMetadataBytes())) {
                return false;
            }
        }
        return true;
    }

    private void give(long first, long pages) {
        bits.clearRun(first, pages);
        Interleaving.point();
        count(first, pages, 1);
        available.addAndGet(pages);
    }

    private void count(long first, long pages, int sign) {
        long done = 0;
        while (done < pages) {
            long page = first + done;
            long here = Math.min(pages - done, Geometry.CHILD_PAGES - page % Geometry.CHILD_PAGES);
            freeInChild.addAndGet((int) (page / Geometry.CHILD_PAGES), (int) (sign * here));
            done += here;
        }
    }

    private static int longestZeros(long word) {
        long zeros = ~word;
        int length = 0;
        while (zeros != 0) {
            zeros &= zeros << 1;
            length++;
        }
        return length;
    }

    private static long roundUp(long value, int step) {
        return (value + step - 1) / step * step;
    }
}
