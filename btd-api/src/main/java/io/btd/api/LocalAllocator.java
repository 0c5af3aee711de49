// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// A handle on the calling thread's own heap: malloc and free without the lookup of the thread. Confined
/// to the thread that asked for it; using it on another throws
/// [BtdException.WrongThread].
public interface LocalAllocator {

    /// As [BtdCluster#malloc(long)].
    long malloc(long size);

    /// As [BtdCluster#malloc(long, Alloc)].
    long malloc(long size, Alloc alloc);

    /// As [BtdCluster#free(long)].
    void free(long block);
}
