// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.Alloc;
import io.btd.api.Batch;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.Durability;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls of the cluster in this process, made one after the other. Not thread-safe.
final class EmbeddedBatch implements Batch {
    private final BtdCluster cluster;
    private final List<Call<?>> calls = new ArrayList<>();

    EmbeddedBatch(BtdCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Result<Long> malloc(long size, Alloc alloc) {
        return add(() -> cluster.malloc(size, alloc));
    }

    @Override
    public Result<Void> free(long block) {
        return add(() -> cluster.free(block));
    }

    @Override
    public Result<Void> memcpy(long destination, MemorySegment source) {
        return add(() -> cluster.memcpy(destination, source));
    }

    @Override
    public Result<Durability> write(long destination, MemorySegment source, Durability durability) {
        return add(() -> cluster.write(destination, source, durability));
    }

    @Override
    public Result<Void> read(long source, MemorySegment destination) {
        return add(() -> cluster.read(source, destination));
    }

    @Override
    public Result<Long> getLong(long address) {
        return add(() -> cluster.getLong(address));
    }

    @Override
    public Result<Void> putPointer(long slot, long target) {
        return add(() -> cluster.putPointer(slot, target));
    }

    @Override
    public Result<Boolean> compareAndSet(long address, long expected, long value) {
        return add(() -> cluster.compareAndSet(address, expected, value));
    }

    @Override
    public Result<Long> getAndAdd(long address, long delta) {
        return add(() -> cluster.getAndAdd(address, delta));
    }

    @Override
    public void run() {
        List<Call<?>> all = List.copyOf(calls);
        calls.clear();
        cluster.stat(); // refuses when the cluster is closed
        all.forEach(Call::make);
    }

    private Result<Void> add(Runnable call) {
        return add(() -> {
            call.run();
            return null;
        });
    }

    private <T> Result<T> add(Supplier<@Nullable T> work) {
        if (calls.size() == MAX_CALLS) {
            throw new InvalidSize("batch is full: calls=" + MAX_CALLS, "run it, then add more");
        }
        Call<T> call = new Call<>(work);
        calls.add(call);
        return call;
    }

    /// One call and what became of it.
    private static final class Call<T> implements Result<T> {
        private final Supplier<@Nullable T> work;
        private boolean made;
        private @Nullable T value;
        private @Nullable BtdException error;

        private Call(Supplier<@Nullable T> work) {
            this.work = work;
        }

        private void make() {
            made = true;
            try {
                value = work.get();
            } catch (BtdException e) {
                error = e;
            }
        }

        @Override
        @SuppressWarnings("NullAway") // null is the result of calls that have none
        public T get() {
            if (!made) {
                throw new IllegalStateException("the batch has not run");
            }
            if (error != null) {
                throw error;
            }
            return value;
        }
    }
}
