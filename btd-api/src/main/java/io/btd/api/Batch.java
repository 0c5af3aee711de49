// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.lang.foreign.MemorySegment;

/// Many calls on their way at once: add them, then [#run]. Calls for one node travel together and take effect
/// in the order in which they were added; those for different nodes have no order. One that fails does not
/// keep the others from being made. Not thread-safe; usable again after `run`.
///
/// The segments are looked at, or filled, while [#run] runs. Limits and errors of each call are those of the method
/// of [BtdCluster] with its name; they are thrown by [Result#get].
public interface Batch {

    /// The most calls between two runs.
    int MAX_CALLS = 65_536;

    /// What became of a call, known once [Batch#run] returned.
    interface Result<T> {
        /// The call's result (null where the call has none).
        ///
        /// @throws BtdException when the call failed
        /// @throws IllegalStateException before the batch ran
        T get();
    }

    /// As [BtdCluster#malloc(long, Alloc)].
    Result<Long> malloc(long size, Alloc alloc);

    /// As [BtdCluster#free(long)].
    Result<Void> free(long block);

    /// As [BtdCluster#memcpy(long, MemorySegment)].
    Result<Void> memcpy(long destination, MemorySegment source);

    /// As [BtdCluster#write].
    Result<Durability> write(long destination, MemorySegment source, Durability durability);

    /// As [BtdCluster#read].
    Result<Void> read(long source, MemorySegment destination);

    /// As [BtdCluster#getLong].
    Result<Long> getLong(long address);

    /// As [BtdCluster#putPointer].
    Result<Void> putPointer(long slot, long target);

    /// As [BtdCluster#compareAndSet].
    Result<Boolean> compareAndSet(long address, long expected, long value);

    /// As [BtdCluster#getAndAdd].
    Result<Long> getAndAdd(long address, long delta);

    /// Makes the calls and waits for all of them. Afterwards the batch is empty.
    ///
    /// @throws BtdException.Closed when the cluster is closed
    void run();
}
