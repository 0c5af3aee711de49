// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.lang.foreign.MemorySegment;

/// A zero-copy view of exactly one block. While it is open the block cannot be freed. The segment is
/// confined to the thread that opened the view and dies with it; it is read-only where the block may hold
/// pointers, whose words change through the cluster's calls only.
public interface BlockView extends AutoCloseable {

    /// The block's bytes: its usable size, nothing beside it.
    MemorySegment segment();

    /// Makes `bytes` bytes from `from` persistent; they may tear in a crash before this returns.
    ///
    /// @param from offset in the block, in bytes
    /// @throws BtdException.InvalidPointer when the range leaves the block
    void persist(long from, long bytes);

    /// Ends the view; a second close does nothing.
    @Override
    void close();
}
