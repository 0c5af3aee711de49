// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

/// What happens to blocks in the heap when they are held, freed and given up. Called inside an operation of the heap.
public interface HeldBlocks {

    /// Whether the pointer names an allocated block.
    boolean isLive(long block);

    /// Refuses what names no allocated block.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer saying what is wrong with it
    void requireLive(long block);

    /// Frees a block nobody else holds.
    void free(long block);

    /// Ends the life of a block that others still hold: it is not allocated any more, and not handed out again
    /// until [#bringHome].
    void unallocate(long block);

    /// Ends the limbo of a block.
    void bringHome(long block);

    /// Frees a block that nobody holds any more, unless it was ever referred to.
    void freeIfFresh(long block);

    /// Keeps a block that lived when the node died; says whether it did live.
    boolean declare(long block);
}
