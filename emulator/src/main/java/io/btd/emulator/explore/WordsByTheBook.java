// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.GlobalPointer;
import io.btd.heap.SizeClasses;
import io.btd.pmem.Geometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads an image, a word each, by the book (`docs/spec/media.md`): which blocks there are, which are
/// reachable, which redo records count. Trusts nothing it reads.
final class WordsByTheBook {
    static final int SEQUENCE = 0;
    private static final int DESTINATION = 8;
    private static final int BYTES = 16;
    private static final int PAYLOAD = 24;
    private static final int CHECKSUM = 32;
    private static final int STATE_MASK = 0xf;
    private static final int SUPERBLOCK = 1;
    private static final int LARGE = 2;
    private static final int KIND_SHIFT = 4;
    private static final int KIND_MASK = 3;
    private static final int CLASS_SHIFT = 8;
    private static final int CLASS_MASK = 0xff;
    private static final int PAGES_SHIFT = 32;

    private final long[] words;
    private final Geometry geometry;
    private final SizeClasses classes;

    WordsByTheBook(long[] words, Geometry geometry) {
        this.words = words;
        this.geometry = geometry;
        classes = SizeClasses.of(geometry);
    }

    /// A block of a run.
    ///
    /// @param pages of its run, from the first
    record Block(long pointer, int bytes, boolean mayPoint, long firstPage, int pages) {
        boolean contains(long offset) {
            long from = GlobalPointer.offset(pointer);
            return offset >= from && offset < from + bytes;
        }
    }

    private long word(long offset) {
        return words[(int) (offset >>> 3)];
    }

    /// The block that begins where a word points to; null when it is no pointer.
    @Nullable
    Block pointedTo(long value) {
        long offset = GlobalPointer.offset(value);
        if (GlobalPointer.arena(value) == 0 || (offset & Geometry.GRANULE - 1) != 0 || !geometry.inData(offset)) {
            return null;
        }
        long page = geometry.pageOf(offset);
        for (long first = page; first >= 0; first--) {
            long head = word(geometry.runHead(first));
            if (head != 0) {
                return inRun(value, offset, first, head);
            }
        }
        return null;
    }

    private @Nullable Block inRun(long pointer, long offset, long first, long head) {
        int pages = (int) (head >>> PAGES_SHIFT);
        long inside = offset - geometry.pageOffset(first);
        boolean mayPoint = (head >>> KIND_SHIFT & KIND_MASK) != 0;
        int state = (int) head & STATE_MASK;
        if (pages < 1 || inside >= (long) pages * geometry.pageBytes()) {
            return null;
        }
        if (state == LARGE) {
            return inside == 0 ? new Block(pointer, pages * geometry.pageBytes(), mayPoint, first, pages) : null;
        }
        int sizeClass = (int) (head >>> CLASS_SHIFT) & CLASS_MASK;
        if (state != SUPERBLOCK || sizeClass >= classes.count() || inside % classes.size(sizeClass) != 0) {
            return null;
        }
        return new Block(pointer, classes.size(sizeClass), mayPoint, first, pages);
    }

    /// Adds the block a word points to, and what that leads to, to those found before. Every word of a block
    /// that may hold pointers counts as one: the program's numbers look like none.
    void reach(long value, Map<Long, Block> reached) {
        Deque<Long> open = new ArrayDeque<>();
        open.add(value);
        while (!open.isEmpty()) {
            long next = open.remove();
            Block block = reached.containsKey(next) ? null : pointedTo(next);
            if (block == null) {
                continue;
            }
            reached.put(next, block);
            long from = GlobalPointer.offset(next);
            for (long at = from; block.mayPoint() && at < from + block.bytes(); at += Long.BYTES) {
                if (GlobalPointer.arena(word(at)) != 0) {
                    open.add(word(at));
                }
            }
        }
    }

    /// The blocks that can be reached from a root slot.
    Map<Long, Block> reachable() {
        Map<Long, Block> reached = new HashMap<>();
        for (int slot = 0; slot < Geometry.ROOT_SLOTS; slot++) {
            reach(word(geometry.rootSlot(slot)), reached);
        }
        return reached;
    }

    /// Whether a word is a root slot.
    boolean isRoot(long offset) {
        return offset >= geometry.rootSlot(0) && offset < geometry.rootSlot(Geometry.ROOT_SLOTS);
    }

    /// Whether a record that counts leaves these bytes at an offset.
    ///
    /// @param value the word at `offset`, an aligned one
    /// @param from the first byte of the word that matters
    /// @param to the byte behind the last
    boolean logged(long offset, long value, int from, int to) {
        for (int lane = 0; lane < geometry.laneCount(); lane++) {
            long at = geometry.lane(lane);
            long first = word(at + DESTINATION);
            long bytes = word(at + BYTES);
            boolean covers = word(at + SEQUENCE) != 0 && first <= offset + from && offset + to <= first + bytes;
            if (covers && leaves(word(at + PAYLOAD) + offset - first, value, from, to) && counts(at, bytes)) {
                return true;
            }
        }
        return false;
    }

    private boolean leaves(long payload, long value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (payload + i < 0 || payload + i >= words.length * 8L || octet(payload + i) != (byte) (value >>> 8 * i)) {
                return false;
            }
        }
        return true;
    }

    private byte octet(long offset) {
        return (byte) (word(offset) >>> 8 * (offset & 7));
    }

    private boolean counts(long lane, long bytes) {
        long payload = word(lane + PAYLOAD);
        if (bytes < 1 || payload < 0 || bytes > words.length * 8L - payload) {
            return false;
        }
        ByteBuffer covered = ByteBuffer.allocate(CHECKSUM + (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int field = 0; field < CHECKSUM; field += Long.BYTES) {
            covered.putLong(word(lane + field));
        }
        for (long at = payload; at < payload + bytes; at++) {
            covered.put(octet(at));
        }
        CRC32C crc = new CRC32C();
        crc.update(covered.flip());
        return crc.getValue() == word(lane + CHECKSUM);
    }
}
