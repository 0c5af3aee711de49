// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Alloc;
import io.btd.api.Batch;
import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.Durability;
import io.btd.api.wire.Request;
import io.btd.api.wire.Request.Range;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls that are collected, then made by as few requests as they fit into. Not thread-safe.
final class RemoteBatch implements Batch {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Verbs verbs;
    private final List<Entry<?>> entries = new ArrayList<>();

    /// A call that was added: what it is, once it is looked at.
    ///
    /// @param address on the node that is asked, 0 where the router says
    private record Entry<T>(long address, Pending<T> result, Supplier<BatchCall<T>> call) {
        private BatchCall<T> begin() {
            BatchCall<T> begun = call.get();
            result.call = begun;
            return begun;
        }
    }

    /// The result that the caller was given when it added the call.
    private static final class Pending<T> implements Result<T> {
        private @Nullable BatchCall<T> call;

        @Override
        public T get() {
            BatchCall<T> made = call;
            if (made == null) {
                throw new IllegalStateException("the batch has not run");
            }
            return made.get();
        }
    }

    RemoteBatch(Verbs verbs) {
        this.verbs = verbs;
    }

    @Override
    public Result<Long> malloc(long size, Alloc alloc) {
        return add(
                0,
                new Request.Malloc(size, 1, alloc),
                response -> Answers.pointers(response, 1)[0],
                () -> verbs.malloc(size, 1, alloc).thenApply(blocks -> blocks[0]));
    }

    @Override
    public Result<Void> free(long block) {
        return add(block, new Request.Free(new long[] {block}), Answers::done, () -> verbs.free(block));
    }

    @Override
    public Result<Void> memcpy(long destination, MemorySegment source) {
        return add(destination, () -> {
            MemorySegment bytes = CallerBytes.shared(source);
            return new BatchCall<>(
                    new Request.Memcpy(destination, bytes),
                    Answers::done,
                    () -> verbs.memcpy(destination, bytes),
                    bytes.asSlice(Math.min(bytes.byteSize(), -destination & 7)));
        });
    }

    @Override
    public Result<Durability> write(long destination, MemorySegment source, Durability durability) {
        return add(destination, () -> {
            MemorySegment bytes = CallerBytes.shared(source);
            int count = (int) Math.min(bytes.byteSize(), Verbs.CHUNK + 1); // more goes alone
            return new BatchCall<>(
                    new Request.Write(durability, List.of(new Range(destination, count)), bytes.asSlice(0, count)),
                    Answers::durability,
                    () -> verbs.write(destination, bytes, durability),
                    null);
        });
    }

    @Override
    public Result<Void> read(long source, MemorySegment destination) {
        if (!CallerBytes.isShared(destination)) {
            return readConfined(source, destination);
        }
        return add(source, () -> {
            int count = (int) Math.min(destination.byteSize(), Verbs.CHUNK + 1); // more goes alone
            return new BatchCall<>(
                    new Request.Read(false, List.of(new Range(source, count))),
                    response -> Answers.copy(response, destination),
                    () -> verbs.read(source, destination, false),
                    null);
        });
    }

    /// Only its own thread may write to the segment, so the bytes wait until that thread is back.
    private Result<Void> readConfined(long source, MemorySegment destination) {
        if (destination.byteSize() > Verbs.CHUNK) {
            throw new InvalidSize(
                    "read refused: bytes=" + destination.byteSize(),
                    "read up to " + Verbs.CHUNK + " bytes into a confined segment");
        }
        MemorySegment between = MemorySegment.ofArray(new byte[(int) destination.byteSize()]);
        Result<Void> read = read(source, between);
        copies.add(() -> copyIfRead(read, between, destination));
        return read;
    }

    private final List<Runnable> copies = new ArrayList<>();

    private static void copyIfRead(Result<Void> read, MemorySegment from, MemorySegment to) {
        try {
            read.get();
        } catch (RuntimeException notRead) {
            return; // the caller learns of it from the result
        }
        to.copyFrom(from);
    }

    @Override
    public Result<Long> getLong(long address) {
        return add(address, new Request.GetLong(address), Answers::value, () -> verbs.getLong(address));
    }

    @Override
    public Result<Void> putPointer(long slot, long target) {
        return add(
                slot,
                () -> new BatchCall<>(
                        new Request.PutPointer(slot, target),
                        Answers::done,
                        () -> verbs.putPointer(slot, target),
                        word(target)));
    }

    @Override
    public Result<Boolean> compareAndSet(long address, long expected, long value) {
        return add(
                address,
                () -> new BatchCall<>(
                        new Request.CompareAndSet(address, expected, value),
                        Answers::truth,
                        () -> verbs.compareAndSet(address, expected, value),
                        word(value)));
    }

    @Override
    public Result<Long> getAndAdd(long address, long delta) {
        return add(
                address, new Request.GetAndAdd(address, delta), Answers::value, () -> verbs.getAndAdd(address, delta));
    }

    private static MemorySegment word(long value) {
        MemorySegment word = MemorySegment.ofArray(new long[1]);
        word.set(WORD, 0, value);
        return word;
    }

    private <T> Result<T> add(
            long address, Request request, Function<Response, T> take, Supplier<CompletableFuture<T>> alone) {
        return add(address, () -> new BatchCall<>(request, take, alone, null));
    }

    private <T> Result<T> add(long address, Supplier<BatchCall<T>> call) {
        if (entries.size() == MAX_CALLS) {
            throw new InvalidSize("batch is full: calls=" + MAX_CALLS, "run it, then add more");
        }
        Pending<T> result = new Pending<>();
        entries.add(new Entry<>(address, result, call));
        return result;
    }

    @Override
    public void run() {
        List<Entry<?>> added = List.copyOf(entries);
        List<Runnable> filled = List.copyOf(copies);
        entries.clear();
        copies.clear();
        verbs.core().checkOpen();
        BatchRun run = new BatchRun(verbs);
        for (Entry<?> entry : added) {
            BatchCall<?> call = entry.begin();
            try {
                OptionalInt node = entry.address() == 0 && call.request() instanceof Request.Malloc
                        ? verbs.core().route(verbs.hint())
                        : OptionalInt.of(verbs.core().sessions().nodeOf(entry.address()));
                run.add(node, call);
            } catch (BtdException refused) {
                call.fail(refused);
            }
        }
        run.make();
        filled.forEach(Runnable::run);
    }
}
