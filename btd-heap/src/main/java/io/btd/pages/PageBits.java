// SPDX-License-Identifier: Apache-2.0
package io.btd.pages;

import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;

/// The bitfields of an arena: one bit per page, set while the page is in use. *Persistent*; after a crash a
/// set bit may be stale (recovery clears it), a clear bit never is.
///
/// ```
/// child 0: | word 0: pages 0..63 | word 1 | ... | word 7: pages 448..511 |   64 B, one cache line
/// child 1: | ...
/// ```
///
/// Thread-safe; runs are taken all or nothing, word by word.
public final class PageBits {
    static final int WORD_PAGES = 64;

    private final PersistentMemory memory;
    private final Geometry geometry;
    private final long base;

    /// The bitfields of `arena`.
    public PageBits(ArenaFile arena) {
        memory = arena.memory();
        geometry = arena.geometry();
        base = geometry.pageBits(0);
    }

    /// How many words there are.
    public int words() {
        return geometry.children() * (Geometry.CHILD_PAGES / WORD_PAGES);
    }

    /// The bits of 64 pages.
    public long word(int index) {
        return memory.getLongAcquire(base + 8L * index);
    }

    /// Whether a page is in use.
    public boolean isSet(long page) {
        return (word((int) (page / WORD_PAGES)) >>> page % WORD_PAGES & 1) != 0;
    }

    /// Sets `mask` in a word that still holds `expected`; false if it changed.
    boolean trySet(int index, long expected, long mask) {
        return memory.compareAndSetLong(base + 8L * index, expected, expected | mask);
    }

    /// Sets the bits of a run unless one of them is set; says whether it did.
    boolean trySetRun(long first, long pages) {
        long done = 0;
        while (done < pages) {
            long page = first + done;
            int index = (int) (page / WORD_PAGES);
            long mask = mask(page, pages - done);
            long before = word(index);
            if ((before & mask) != 0) {
                clearRun(first, done);
                return false;
            }
            if (trySet(index, before, mask)) {
                done += Long.bitCount(mask);
            }
        }
        return true;
    }

    /// Clears the bits of a run.
    ///
    /// @throws IllegalStateException when one of them was clear: two owners
    public void clearRun(long first, long pages) {
        long done = 0;
        while (done < pages) {
            long page = first + done;
            long mask = mask(page, pages - done);
            long before = memory.getAndClearBits(base + 8 * (page / WORD_PAGES), mask);
            if ((before & mask) != mask) {
                throw new IllegalStateException("page freed twice: first=" + first + ", pages=" + pages);
            }
            done += Long.bitCount(mask);
        }
    }

    /// The bits, within their word, of a run that starts at `page`.
    private static long mask(long page, long pages) {
        int at = (int) (page % WORD_PAGES);
        long count = Math.min(pages, WORD_PAGES - at);
        return count == WORD_PAGES ? -1L : (1L << count) - 1 << at;
    }

    /// Starts writing the bits of a run back.
    void writeBack(long first, long pages, PersistSite site) {
        long from = first / WORD_PAGES;
        long to = (first + pages - 1) / WORD_PAGES;
        memory.writeBack(base + 8 * from, 8 * (to - from + 1), site);
    }

    /// Starts writing all bits back.
    public void writeBackAll(PersistSite site) {
        memory.writeBack(base, 8L * words(), site);
    }
}
