// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Alloc;
import io.btd.api.AsyncCluster;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// The verbs as futures, which fail with the error itself and not with one around it. Thread-safe.
record RemoteAsync(Verbs verbs) implements AsyncCluster {

    @Override
    public CompletableFuture<Long> malloc(long size, Alloc alloc) {
        return made(() -> verbs.malloc(size, 1, alloc).thenApply(blocks -> blocks[0]));
    }

    @Override
    public CompletableFuture<Void> free(long block) {
        return made(() -> verbs.free(block));
    }

    @Override
    public CompletableFuture<Boolean> unlinkAndFree(long slot, long expected, long replacement) {
        return made(() -> verbs.unlinkAndFree(slot, expected, replacement));
    }

    @Override
    public CompletableFuture<Void> memcpy(long destination, MemorySegment source) {
        return made(() -> verbs.memcpy(destination, source));
    }

    @Override
    public CompletableFuture<Durability> write(long destination, MemorySegment source, Durability durability) {
        return made(() -> verbs.write(destination, source, durability));
    }

    @Override
    public CompletableFuture<Void> read(long source, MemorySegment destination) {
        return made(() -> verbs.read(source, destination, false));
    }

    @Override
    public CompletableFuture<Long> getLong(long address) {
        return made(() -> verbs.getLong(address));
    }

    @Override
    public CompletableFuture<Void> putPointer(long slot, long target) {
        return made(() -> verbs.putPointer(slot, target));
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(long address, long expected, long value) {
        return made(() -> verbs.compareAndSet(address, expected, value));
    }

    @Override
    public CompletableFuture<Long> getAndAdd(long address, long delta) {
        return made(() -> verbs.getAndAdd(address, delta));
    }

    @Override
    public CompletableFuture<Long> getAndSet(long address, long value) {
        return made(() -> verbs.getAndSet(address, value));
    }

    /// The caller's own future: cancelling it takes nothing back, the call goes on. A call that is one request is that
    /// future itself. It fails with the error itself, and the session asks who claimed it, not whether it is done.
    private static <T> CompletableFuture<T> made(Supplier<CompletableFuture<T>> call) {
        CompletableFuture<T> made;
        try {
            made = call.get();
        } catch (BtdException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return made instanceof Exchange<T> ? made : unwrapped(made);
    }

    private static <T> CompletableFuture<T> unwrapped(CompletableFuture<T> made) {
        CompletableFuture<T> result = new CompletableFuture<>();
        var _ = made.whenComplete((value, error) -> {
            if (error == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
        return result;
    }
}
