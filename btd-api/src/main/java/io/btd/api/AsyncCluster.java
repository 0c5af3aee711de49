// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/// The verbs of [BtdCluster] without waiting. A call is on its way when the method returns; its future completes
/// with what the method of the same name returns, or exceptionally with the [BtdException] it throws. Calls that
/// are on their way together have no order. Thread-safe.
///
/// A segment must not change until the future completes. Futures complete on a thread of the transport, or on
/// one that waits for a blocking call of the same cluster: work that blocks belongs into the `Async` methods of
/// [CompletableFuture]. An embedded cluster makes the call at once and returns a completed future.
public interface AsyncCluster {

    /// As [BtdCluster#malloc(long, Alloc)].
    CompletableFuture<Long> malloc(long size, Alloc alloc);

    /// As [BtdCluster#free(long)].
    CompletableFuture<Void> free(long block);

    /// As [BtdCluster#unlinkAndFree].
    CompletableFuture<Boolean> unlinkAndFree(long slot, long expected, long replacement);

    /// As [BtdCluster#memcpy(long, MemorySegment)].
    CompletableFuture<Void> memcpy(long destination, MemorySegment source);

    /// As [BtdCluster#write].
    CompletableFuture<Durability> write(long destination, MemorySegment source, Durability durability);

    /// As [BtdCluster#read].
    CompletableFuture<Void> read(long source, MemorySegment destination);

    /// As [BtdCluster#getLong].
    CompletableFuture<Long> getLong(long address);

    /// As [BtdCluster#putPointer].
    CompletableFuture<Void> putPointer(long slot, long target);

    /// As [BtdCluster#compareAndSet].
    CompletableFuture<Boolean> compareAndSet(long address, long expected, long value);

    /// As [BtdCluster#getAndAdd].
    CompletableFuture<Long> getAndAdd(long address, long delta);

    /// As [BtdCluster#getAndSet].
    CompletableFuture<Long> getAndSet(long address, long value);
}
