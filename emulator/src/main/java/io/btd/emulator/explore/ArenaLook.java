// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.GlobalPointer;
import io.btd.heap.RunTable;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Reads an arena's persistent structures by the book (`docs/spec/media.md`), without the heap's code: the
/// blocks of the named directory, and the runs of pages. Trusts nothing it reads.
final class ArenaLook {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int STATE_WORD = 64;
    private static final long SEALED = 0xffff_ffff_ffffL;
    private static final int STATE_SHIFT = 40;
    private static final int DIRTY = 2;
    private static final int DIRECTORY_SLOT = 64;
    private static final int SESSION_SLOT = 65;
    private static final int EXPORTED_BIT = 6;
    private static final int LENGTH_WORD = 24;
    private static final int FANOUT = 16;

    private final MemorySegment bytes;
    private final Geometry geometry;

    ArenaLook(MemorySegment bytes, Geometry geometry) {
        this.bytes = bytes;
        this.geometry = geometry;
    }

    private long word(long offset) {
        return bytes.get(WORD, offset);
    }

    /// Whether the arena says that it was not closed: then nothing *rebuilt* may be believed.
    boolean dirty() {
        return (word(STATE_WORD) & SEALED) >>> STATE_SHIFT == DIRTY;
    }

    /// Overwrites everything *rebuilt*, the bitmaps, through the gateway.
    void scramble(PersistentMemory memory, SplittableRandom random) {
        for (int child = 0; child < geometry.children(); child++) {
            long from = geometry.childMetadata(child) + (long) Geometry.CHILD_PAGES * Geometry.RUN_HEAD_BYTES;
            long to = geometry.childMetadata(child) + geometry.childMetadataBytes();
            for (long at = from; at < to; at += Long.BYTES) {
                memory.setLong(at, random.nextLong());
            }
        }
    }

    /// The blocks the named directory consists of.
    ///
    /// @throws IllegalStateException when it is not a tree
    Set<Long> directoryBlocks() {
        Set<Long> blocks = new HashSet<>();
        collect(word(geometry.rootSlot(DIRECTORY_SLOT)), blocks);
        return blocks;
    }

    private void collect(long pointer, Set<Long> blocks) {
        if (pointer == 0) {
            return;
        }
        long at = GlobalPointer.offset(pointer);
        if (!geometry.inData(at) || !blocks.add(pointer)) {
            throw new IllegalStateException("directory is no tree: pointer=" + GlobalPointer.toString(pointer));
        }
        long length = word(at + LENGTH_WORD);
        if (length != 0 && GlobalPointer.arena(length) == 0) {
            collect(word(at), blocks);
            return;
        }
        for (int link = 0; link < FANOUT; link++) {
            collect(word(at + 8L * link), blocks);
        }
    }

    /// The blocks the session records consist of.
    ///
    /// @throws IllegalStateException when they are no chain
    Set<Long> sessionBlocks() {
        Set<Long> blocks = new HashSet<>();
        for (long chunk = word(geometry.rootSlot(SESSION_SLOT));
                chunk != 0;
                chunk = word(GlobalPointer.offset(chunk))) {
            if (!geometry.inData(GlobalPointer.offset(chunk)) || !blocks.add(chunk)) {
                throw new IllegalStateException("session records are no chain: at=" + GlobalPointer.toString(chunk));
            }
        }
        return blocks;
    }

    /// Whether the run of a block says that other nodes may refer to it.
    boolean exported(long pointer) {
        int run = runOf(pointer);
        return run >= 0 && exportedRun(run);
    }

    /// Whether blocks may be allocated that nobody is known to hold: a clean arena does not say which.
    boolean anyExported() {
        for (long head : heads()) {
            if ((head >>> EXPORTED_BIT & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    /// All run heads, read at once.
    private long[] heads() {
        long[] heads = new long[(int) geometry.pages()];
        for (int child = 0; child < geometry.children(); child++) {
            MemorySegment.copy(
                    bytes,
                    WORD,
                    geometry.childMetadata(child),
                    heads,
                    child * Geometry.CHILD_PAGES,
                    Geometry.CHILD_PAGES);
        }
        return heads;
    }

    /// The first pages of the runs that exported ones lead to, as far as anybody can tell from their words: a
    /// free block in an exported run may hold what looks like a pointer, and the recovery keeps what that leads
    /// to.
    private Set<Integer> ledToByExports() {
        Set<Integer> led = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (int page = 0; page < geometry.pages(); page++) {
            if (exportedRun(page) && led.add(page)) {
                open.add(page);
            }
        }
        while (!open.isEmpty()) {
            int run = open.remove();
            long from = geometry.pageOffset(run);
            long to = from + (word(geometry.runHead(run)) >>> 32) * geometry.pageBytes();
            for (long at = from; at < to; at += Long.BYTES) {
                long value = word(at);
                int next = GlobalPointer.arena(value) != 0 && geometry.inData(GlobalPointer.offset(value))
                        ? runOf(value)
                        : -1;
                if (next >= 0 && led.add(next)) {
                    open.add(next);
                }
            }
        }
        return led;
    }

    private boolean exportedRun(int page) {
        return (word(geometry.runHead(page)) >>> EXPORTED_BIT & 1) != 0;
    }

    /// The bytes of a block, allocated or not.
    byte[] bytes(long pointer, int length) {
        return bytes.asSlice(GlobalPointer.offset(pointer), length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Usable bytes of a block, system blocks too, by the head of its run.
    ///
    /// @throws IllegalStateException when it is in no run
    long blockBytes(long pointer) {
        int run = runOf(pointer);
        if (run < 0) {
            throw new IllegalStateException("block outside of any run: pointer=" + GlobalPointer.toString(pointer));
        }
        return RunTable.blockBytes(word(geometry.runHead(run)), geometry);
    }

    /// Whether a block's pages are still in use. Pages that were given back are holes in the file, and what
    /// those still show after a power failure is the file system's affair.
    boolean inRun(long pointer) {
        return runOf(pointer) >= 0;
    }

    /// The first page of the run that contains a block, or -1.
    private int runOf(long pointer) {
        int page = (int) geometry.pageOf(GlobalPointer.offset(pointer));
        for (int head = page; head >= 0; head--) {
            long word = word(geometry.runHead(head));
            if (word != 0) {
                return head + (int) (word >>> 32) > page ? head : -1;
            }
        }
        return -1;
    }

    /// A word of a wiped block that can still be read, or an empty string. Words are unique, the first one
    /// apart; where another block of the program has come to lie, anything may be.
    String remains(List<Cell> gone, HeapState state) {
        for (Cell cell : gone) {
            for (int word = 1; word < cell.words(); word++) {
                long at = cell.pointer() + word * 8L;
                if (cell.word(word) != 0 && word(GlobalPointer.offset(at)) == cell.word(word) && !covered(at, state)) {
                    return "freed block was not wiped: " + HeapState.hex(cell.pointer()) + " +" + word * 8;
                }
            }
        }
        return "";
    }

    private static boolean covered(long at, HeapState state) {
        return Stream.concat(state.cells().values().stream(), state.held().values().stream())
                .anyMatch(cell -> at >= cell.pointer() && at < cell.pointer() + cell.content().length);
    }

    /// What is wrong with the runs when exactly `live` blocks are: two that overlap, a block outside of
    /// any, one without a live block, pages in use that belong to none; or an empty string.
    String faultOfRuns(Set<Long> live, long pagesInUse) {
        Set<Integer> used = anyExported() ? ledToByExports() : new HashSet<>();
        for (long block : live) {
            int run = runOf(block);
            if (run < 0) {
                return "live block outside of any run: " + HeapState.hex(block);
            }
            used.add(run);
        }
        long pages = 0;
        int end = 0;
        long[] heads = heads();
        for (int page = 0; page < heads.length; page++) {
            long head = heads[page];
            if (head == 0) {
                continue;
            }
            if (page < end) {
                return "overlapping runs: page=" + page;
            }
            if (!used.contains(page)) {
                return "leaked run without a live block: page=" + page + ", pages=" + (head >>> 32);
            }
            end = page + (int) (head >>> 32);
            pages += head >>> 32;
        }
        return pages == pagesInUse ? "" : "leaked pages: inRuns=" + pages + ", inUse=" + pagesInUse;
    }
}
