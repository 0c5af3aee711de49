// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.Alloc;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.LocalAllocator;

/// A thread's own way to its heap: no lookup, but a check that it is the same thread.
public final class ThreadAllocator implements LocalAllocator {
    private final BlockAllocator allocator;
    private final ThreadHeap own;
    private final Thread thread = Thread.currentThread();

    ThreadAllocator(BlockAllocator allocator, ThreadHeap own) {
        this.allocator = allocator;
        this.own = own;
    }

    @Override
    public long malloc(long size) {
        return malloc(size, Alloc.POINTERS);
    }

    @Override
    public long malloc(long size, Alloc alloc) {
        check();
        return allocator.malloc(own, size, alloc);
    }

    @Override
    public void free(long block) {
        check();
        allocator.free(own, block);
    }

    private void check() {
        if (Thread.currentThread() != thread) {
            throw new WrongThread(
                    "allocator of another thread: owner=" + thread.getName(), "call local() on each thread");
        }
    }
}
