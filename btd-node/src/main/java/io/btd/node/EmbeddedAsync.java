// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.Alloc;
import io.btd.api.AsyncCluster;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// The calls of the cluster in this process, made at once by the caller's thread.
record EmbeddedAsync(BtdCluster cluster) implements AsyncCluster {

    @Override
    public CompletableFuture<Long> malloc(long size, Alloc alloc) {
        return done(() -> cluster.malloc(size, alloc));
    }

    @Override
    public CompletableFuture<Void> free(long block) {
        return done(() -> cluster.free(block));
    }

    @Override
    public CompletableFuture<Boolean> unlinkAndFree(long slot, long expected, long replacement) {
        return done(() -> cluster.unlinkAndFree(slot, expected, replacement));
    }

    @Override
    public CompletableFuture<Void> memcpy(long destination, MemorySegment source) {
        return done(() -> cluster.memcpy(destination, source));
    }

    @Override
    public CompletableFuture<Durability> write(long destination, MemorySegment source, Durability durability) {
        return done(() -> cluster.write(destination, source, durability));
    }

    @Override
    public CompletableFuture<Void> read(long source, MemorySegment destination) {
        return done(() -> cluster.read(source, destination));
    }

    @Override
    public CompletableFuture<Long> getLong(long address) {
        return done(() -> cluster.getLong(address));
    }

    @Override
    public CompletableFuture<Void> putPointer(long slot, long target) {
        return done(() -> cluster.putPointer(slot, target));
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(long address, long expected, long value) {
        return done(() -> cluster.compareAndSet(address, expected, value));
    }

    @Override
    public CompletableFuture<Long> getAndAdd(long address, long delta) {
        return done(() -> cluster.getAndAdd(address, delta));
    }

    @Override
    public CompletableFuture<Long> getAndSet(long address, long value) {
        return done(() -> cluster.getAndSet(address, value));
    }

    private static <T> CompletableFuture<T> done(Supplier<T> call) {
        try {
            return CompletableFuture.completedFuture(call.get());
        } catch (BtdException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<Void> done(Runnable call) {
        try {
            call.run();
            return CompletableFuture.allOf();
        } catch (BtdException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
