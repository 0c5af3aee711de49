// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What one caller of btd works on: for each operation of a batch or a window a block of 64 bytes, 64 bytes of
/// its own memory, and the number that the block's first word holds. Used by one thread at a time.
final class BtdBlocks {
    static final long BYTES = 64;

    private final BtdCluster cluster;
    private final long[] blocks;
    private final MemorySegment[] own;
    private final long[] words;

    /// Allocates `depth` blocks of zeros; in one call, since each memcpy may wait for a medium.
    BtdBlocks(BtdCluster cluster, int depth) {
        this.cluster = cluster;
        blocks = new long[depth];
        own = new MemorySegment[depth];
        words = new long[depth];
        cluster.malloc(BYTES, Alloc.OPAQUE.withZeroes(), blocks);
        for (int slot = 0; slot < depth; slot++) {
            own[slot] = Arena.ofAuto().allocate(BYTES, Long.BYTES);
        }
    }

    BtdCluster cluster() {
        return cluster;
    }

    int depth() {
        return blocks.length;
    }

    long block(int slot) {
        return blocks[slot];
    }

    MemorySegment own(int slot) {
        return own[slot];
    }

    /// What the first word of the slot's block holds, as far as this caller knows; it is the only one.
    long word(int slot) {
        return words[slot];
    }

    /// The word was compared and replaced by its successor.
    void replaced(int slot, boolean done) throws IOException {
        if (!done) {
            throw new IOException("word is not what its only writer wrote: expected=" + words[slot]
                    + "; the node has lost or repeated a compareAndSet");
        }
        words[slot]++;
    }
}
