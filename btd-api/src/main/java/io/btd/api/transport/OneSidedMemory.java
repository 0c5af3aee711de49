// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import io.btd.api.Durability;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/// The memory of the other end's arenas, read and written without its help: an ability of a connection. Windows
/// are named by the node, which can take them back; access to one that was taken back fails with
/// [io.btd.api.BtdException.Protocol] and harms nothing. Thread-safe.
public interface OneSidedMemory {

    /// A part of an arena that the node opened to this session.
    ///
    /// @param address global pointer of its first byte
    /// @param bytes how many
    /// @param key what the transport needs to prove the right to it
    record Window(long address, long bytes, long key) {}

    /// Reads; may tear.
    CompletableFuture<Void> read(Window window, long offset, MemorySegment destination);

    /// Writes; aligned words do not tear. Completes with what was achieved, which is at least `durability`.
    CompletableFuture<Durability> write(Window window, long offset, MemorySegment source, Durability durability);
}
