// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.GlobalPointer;
import io.btd.emulator.explore.WordsByTheBook.Block;
import io.btd.pmem.Geometry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which bits an acknowledgement needs on the medium: those that a recovery believes, as far as they say
/// something of what was promised. Bitmaps, bits of pages without a live block, redo records that were retired,
/// and blocks that are neither reachable nor held are volatile truth, and needed by nobody. Immutable once
/// made.
final class Needs {
    private static final int HEADER_BYTES = 96;

    private final List<long[]> ranges = new ArrayList<>();
    private final Map<Long, Long> bits = new HashMap<>();

    private Needs() {}

    /// What is needed after an acknowledgement.
    ///
    /// @param words the bytes as the program sees them
    static Needs of(long[] words, Geometry geometry, HeapState state) {
        Needs needs = new Needs();
        if (!state.formatted()) {
            return needs;
        }
        WordsByTheBook book = new WordsByTheBook(words, geometry);
        needs.all(0, HEADER_BYTES);
        needs.all(geometry.rootSlot(0), 8L * Geometry.ROOT_SLOTS);
        needs.all(geometry.layoutsOffset(), 8 + words[(int) (geometry.layoutsOffset() >>> 3)]);
        for (int lane = 0; lane < geometry.laneCount(); lane++) {
            needs.all(geometry.lane(lane) + WordsByTheBook.SEQUENCE, 8);
        }
        Map<Long, Block> live = book.reachable();
        live.values().forEach(block -> needs.run(geometry, block));
        live.forEach((pointer, block) -> {
            if (!state.cells().containsKey(pointer)) {
                needs.all(GlobalPointer.offset(pointer), block.bytes());
            }
        });
        state.cells().values().forEach(needs::cell);
        for (Cell cell : state.held().values()) {
            Block block = book.pointedTo(cell.pointer());
            if (block != null) {
                needs.run(geometry, block);
            }
            needs.cell(cell);
        }
        return needs;
    }

    private void all(long offset, long bytes) {
        ranges.add(new long[] {offset, offset + bytes});
    }

    private void cell(Cell cell) {
        all(GlobalPointer.offset(cell.pointer()), cell.content().length);
    }

    private void run(Geometry geometry, Block block) {
        all(geometry.runHead(block.firstPage()), 8);
        for (long page = block.firstPage(); page < block.firstPage() + block.pages(); page++) {
            long inChild = page % Geometry.CHILD_PAGES;
            long word = geometry.pageBits((int) (page / Geometry.CHILD_PAGES)) + (inChild >>> 6) * 8;
            bits.merge(word, 1L << inChild, (a, b) -> a | b);
        }
    }

    /// The bits of a word that are needed.
    long mask(int word) {
        long offset = word * 8L;
        long mask = bits.getOrDefault(offset, 0L);
        for (long[] range : ranges) {
            long from = Math.max(offset, range[0]);
            long to = Math.min(offset + 8, range[1]);
            if (from < to) {
                long upTo = to - offset == 8 ? -1L : (1L << 8 * (to - offset)) - 1;
                mask |= upTo & -1L << 8 * (from - offset);
            }
        }
        return mask;
    }
}
