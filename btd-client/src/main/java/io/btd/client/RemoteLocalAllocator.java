// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.LocalAllocator;

/// A thread's handle on a remote cluster. Confined to the thread that asked for it.
final class RemoteLocalAllocator implements LocalAllocator {
    private final BtdCluster cluster;
    private final Thread owner = Thread.currentThread();

    RemoteLocalAllocator(BtdCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public long malloc(long size) {
        return confined().malloc(size);
    }

    @Override
    public long malloc(long size, Alloc alloc) {
        return confined().malloc(size, alloc);
    }

    @Override
    public void free(long block) {
        confined().free(block);
    }

    private BtdCluster confined() {
        if (Thread.currentThread() != owner) {
            throw new WrongThread(
                    "allocator is another thread's: owner=" + owner.getName() + ", caller="
                            + Thread.currentThread().getName(),
                    "ask for one in each thread");
        }
        return cluster;
    }
}
