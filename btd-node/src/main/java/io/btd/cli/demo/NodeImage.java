// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Fills the image of one node outside the arena and stores it into a fresh block in one copy: when
/// [#store] returns, the block is complete and persistent, and nobody can reach it yet. The buffer is used
/// again for the next node. Not thread-safe.
final class NodeImage {
    /// How numbers lie in the arena.
    static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final BtdCluster cluster;
    private MemorySegment buffer = Arena.ofAuto().allocate(4096, 8);
    private long size;

    NodeImage(BtdCluster cluster) {
        this.cluster = cluster;
    }

    /// Begins an image of `bytes` zeros.
    NodeImage start(long bytes) {
        if (bytes > buffer.byteSize()) {
            buffer = Arena.ofAuto().allocate(2 * bytes, 8);
        }
        buffer.asSlice(0, bytes).fill((byte) 0);
        size = bytes;
        return this;
    }

    /// Sets a word: a number or a pointer.
    NodeImage word(long offset, long value) {
        buffer.set(WORD, offset, value);
        return this;
    }

    /// Sets bytes.
    NodeImage bytes(long offset, byte[] value) {
        MemorySegment.copy(value, 0, buffer, ValueLayout.JAVA_BYTE, offset, value.length);
        return this;
    }

    /// Stores the image into a new block of `layout`.
    ///
    /// @throws io.btd.api.BtdException.Full when the arena has no room; nothing is left behind
    long store(Layout layout) {
        long block = cluster.malloc(layout, size);
        try {
            cluster.memcpy(block, buffer.asSlice(0, size));
            return block;
        } catch (BtdException.LogFull failed) {
            cluster.free(block);
            throw failed;
        }
    }
}
