// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.heap.Heap;
import io.btd.node.session.HeldBlocks;

/// The blocks of the node's heap, as holdings see them.
public record HeapBlocks(Heap heap) implements HeldBlocks {

    @Override
    public boolean isLive(long block) {
        return heap.finder().isBlock(block);
    }

    @Override
    public void requireLive(long block) {
        heap.finder().blockAt(block);
    }

    @Override
    public void free(long block) {
        heap.freeWithin(block);
    }

    @Override
    public void unallocate(long block) {
        heap.unallocate(block);
    }

    @Override
    public void bringHome(long block) {
        try (var _ = heap.begin()) {
            heap.bringHome(block);
        }
    }

    @Override
    public void freeIfFresh(long block) {
        try (var _ = heap.begin()) {
            heap.freeIfFresh(block);
        }
    }

    @Override
    public boolean declare(long block) {
        return heap.declare(block);
    }
}
