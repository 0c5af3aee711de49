// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.heap.SizeClasses;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// The bitmaps of superblocks, while nobody else uses them: marks are made where the heap will look for
/// allocated blocks. Not thread-safe.
final class BlockBits {
    private final PersistentMemory memory;
    private final Geometry geometry;
    private final SizeClasses classes;

    BlockBits(PersistentMemory memory, Geometry geometry) {
        this.memory = memory;
        this.geometry = geometry;
        this.classes = SizeClasses.of(geometry);
    }

    /// The words of a superblock's bitmap, as they are.
    long[] words(RunIndex.Run run) {
        long[] words = new long[(classes.blocks(run.sizeClass()) + 63) / 64];
        for (int i = 0; i < words.length; i++) {
            words[i] = memory.getLong(geometry.bitmap(run.base) + 8L * i);
        }
        return words;
    }

    /// How many bits are set that stand for a block.
    long count(RunIndex.Run run) {
        long[] words = words(run);
        int blocks = classes.blocks(run.sizeClass());
        long count = 0;
        for (int i = 0; i < words.length; i++) {
            int valid = Math.min(64, blocks - 64 * i);
            count += Long.bitCount(valid == 64 ? words[i] : words[i] & (1L << valid) - 1);
        }
        return count;
    }

    /// Clears a superblock's bitmap.
    void clear(RunIndex.Run run) {
        memory.zero(geometry.bitmap(run.base), (classes.blocks(run.sizeClass()) + 63) / 64 * 8L);
    }

    /// Sets the bits of all blocks, or of those among `words`.
    void setAll(RunIndex.Run run, long @Nullable [] words) {
        for (int index = 0; index < classes.blocks(run.sizeClass()); index++) {
            if (words == null || (words[index / 64] >>> index % 64 & 1) != 0) {
                set(run, index);
            }
        }
    }

    /// Sets the bit of a block; false if it was set.
    boolean set(RunIndex.Run run, int index) {
        long at = geometry.bitmap(run.base) + index / 64 * 8L;
        long word = memory.getLong(at);
        long bit = 1L << index % 64;
        if ((word & bit) != 0) {
            return false;
        }
        memory.setLong(at, word | bit);
        return true;
    }
}
