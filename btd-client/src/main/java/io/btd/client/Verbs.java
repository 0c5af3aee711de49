// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.BtdException.OutcomeUnknown;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.transport.Connection.Turn;
import io.btd.api.wire.Request;
import io.btd.api.wire.Request.Range;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The verbs of the cluster, each for one deadline and one hint, and without waiting. What one node can do is one
/// request; the rest is composed of several here. Immutable, thread-safe.
final class Verbs {
    /// The most bytes of one READ or WRITE.
    static final long CHUNK = BtdCluster.MAX_MEMCPY;

    private final Core core;
    private final Calls calls;
    private final long patience;
    private final Hint hint;

    /// Verbs.
    ///
    /// @param patience how long a call may take, in nanoseconds
    Verbs(Core core, long patience, Hint hint) {
        this.core = core;
        this.calls = core.calls();
        this.patience = patience;
        this.hint = hint;
    }

    Core core() {
        return core;
    }

    Hint hint() {
        return hint;
    }

    long patience() {
        return patience;
    }

    /// The same with another patience.
    Verbs within(long nanos) {
        return new Verbs(core, nanos, hint);
    }

    /// The same with another hint.
    Verbs with(Hint other) {
        return new Verbs(core, patience, other);
    }

    /// When a call that begins now has to end.
    long deadline() {
        return core.time().now() + patience;
    }

    private int nodeOf(long address) {
        core.checkOpen();
        return core.sessions().nodeOf(address);
    }

    // --- blocks

    CompletableFuture<long[]> malloc(long size, int count, Alloc alloc) {
        core.checkOpen();
        return core.allocate(new Request.Malloc(size, count, alloc), count, hint, deadline());
    }

    CompletableFuture<Long> malloc(Layout layout, long size) {
        core.checkOpen();
        return core.allocate(new Request.MallocTyped(size, layout), 1, hint, deadline())
                .thenApply(blocks -> blocks[0]);
    }

    CompletableFuture<Void> free(long... blocks) {
        return calls.ask(nodeOf(blocks[0]), new Request.Free(blocks), deadline(), Answers::done);
    }

    CompletableFuture<Long> realloc(long block, long size) {
        return calls.ask(nodeOf(block), new Request.Realloc(block, size), deadline(), Answers::value);
    }

    CompletableFuture<Long> usableSize(long block) {
        return calls.ask(nodeOf(block), new Request.UsableSize(block), deadline(), Answers::value);
    }

    CompletableFuture<Void> adopt(long block) {
        return calls.ask(nodeOf(block), new Request.Adopt(new long[] {block}), deadline(), Answers::done);
    }

    CompletableFuture<Boolean> unlinkAndFree(long slot, long expected, long replacement) {
        int home = nodeOf(slot);
        long deadline = deadline();
        int owner = GlobalPointer.node(expected);
        if (owner == home || !core.sessions().isMember(owner)) {
            return calls.store(
                            home,
                            new Request.UnlinkAndFree(slot, expected, replacement),
                            deadline,
                            Answers::truth,
                            replacement)
                    .thenApply(unlinked -> unlinked && forget(home, replacement));
        }
        // first what may be refused, then what cannot be taken back
        return calls.ask(owner, new Request.UsableSize(expected), deadline, Answers::value)
                .thenCompose(_ -> calls.store(
                        home,
                        new Request.CompareAndSet(slot, expected, replacement),
                        deadline,
                        Answers::truth,
                        replacement))
                .thenCompose(unlinked ->
                        unlinked ? freeUnlinked(owner, expected, deadline) : CompletableFuture.completedFuture(false));
    }

    private CompletableFuture<Boolean> freeUnlinked(int owner, long block, long deadline) {
        return calls.ask(owner, new Request.Free(new long[] {block}), deadline, Answers::done)
                .handle((_, error) -> {
                    if (error != null) {
                        throw new OutcomeUnknown(
                                owner,
                                "unlinked, but not freed: pointer=" + GlobalPointer.toString(block) + ", reason="
                                        + error.getMessage(),
                                "free it when its node is back");
                    }
                    return true;
                });
    }

    /// What was published away from home need not be declared at home any more.
    private boolean forget(int home, long target) {
        int node = GlobalPointer.node(target);
        if (node != 0 && node != home) {
            core.sessions().with(node).published(target);
        }
        return true;
    }

    // --- bytes

    CompletableFuture<Void> memcpy(long destination, MemorySegment source) {
        checkCopy(source.byteSize());
        return calls.store(
                nodeOf(destination),
                new Request.Memcpy(destination, CallerBytes.shared(source)),
                deadline(),
                Answers::done);
    }

    CompletableFuture<Void> memcpy(long destination, long source, long bytes) {
        checkCopy(bytes);
        int home = nodeOf(destination);
        int from = nodeOf(source);
        long deadline = deadline();
        if (home == from) {
            return calls.store(home, new Request.Copy(destination, source, bytes), deadline, Answers::done);
        }
        MemorySegment between = MemorySegment.ofArray(new byte[(int) bytes]);
        return calls.ask(from, readOf(source, between, false), deadline, answer -> Answers.copy(answer, between))
                .thenCompose(_ -> calls.store(home, new Request.Memcpy(destination, between), deadline, Answers::done));
    }

    private static void checkCopy(long bytes) {
        if (bytes < 0 || bytes > BtdCluster.MAX_MEMCPY) {
            throw new InvalidSize(
                    "copy refused: bytes=" + bytes, "copy 0 to " + BtdCluster.MAX_MEMCPY + " bytes at a time");
        }
    }

    /// More than [#CHUNK] bytes travel as several requests, side by side.
    CompletableFuture<Durability> write(long destination, MemorySegment source, Durability durability) {
        int home = nodeOf(destination);
        MemorySegment bytes = CallerBytes.shared(source);
        long deadline = deadline();
        CompletableFuture<Durability> all = null;
        long at = 0;
        do {
            MemorySegment part = bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at));
            Range range = new Range(destination + at, (int) part.byteSize());
            CompletableFuture<Durability> one =
                    calls.ask(home, new Request.Write(durability, List.of(range), part), deadline, Answers::durability);
            all = all == null ? one : all.thenCombine(one, (a, b) -> a.compareTo(b) < 0 ? a : b);
            at += CHUNK;
        } while (at < bytes.byteSize());
        return all;
    }

    /// More than [#CHUNK] bytes travel as several requests, side by side.
    ///
    /// @param destination may be written to by any thread
    CompletableFuture<Void> read(long source, MemorySegment destination, boolean raw) {
        int home = nodeOf(source);
        if (!CallerBytes.isShared(destination)) {
            throw new WrongThread(
                    "segment is confined to a thread: bytes=" + destination.byteSize(),
                    "read into a shared segment, or call the blocking method");
        }
        long deadline = deadline();
        if (destination.byteSize() <= CHUNK) {
            return calls.ask(
                    home, readOf(source, destination, raw), deadline, answer -> Answers.copy(answer, destination));
        }
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        for (long at = 0; at < destination.byteSize(); at += CHUNK) {
            MemorySegment part = destination.asSlice(at, Math.min(CHUNK, destination.byteSize() - at));
            parts.add(calls.ask(home, readOf(source + at, part, raw), deadline, answer -> Answers.copy(answer, part)));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }

    private static Request readOf(long source, MemorySegment destination, boolean raw) {
        return new Request.Read(raw, List.of(new Range(source, (int) destination.byteSize())));
    }

    // --- words

    CompletableFuture<Long> getLong(long address) {
        return calls.ask(nodeOf(address), new Request.GetLong(address), deadline(), Answers::value);
    }

    CompletableFuture<Void> putPointer(long slot, long target) {
        int home = nodeOf(slot);
        return calls.store(home, new Request.PutPointer(slot, target), deadline(), Answers::done, target)
                .thenAccept(_ -> forget(home, target));
    }

    CompletableFuture<Boolean> compareAndSet(long address, long expected, long value) {
        return calls.store(
                nodeOf(address), new Request.CompareAndSet(address, expected, value), deadline(), Answers::truth);
    }

    CompletableFuture<Long> getAndAdd(long address, long delta) {
        return calls.ask(nodeOf(address), new Request.GetAndAdd(address, delta), deadline(), Answers::value);
    }

    CompletableFuture<Long> getAndSet(long address, long value) {
        return calls.store(nodeOf(address), new Request.GetAndSet(address, value), deadline(), Answers::value);
    }

    // --- waiting

    /// Makes a call to the node of an address and waits for it. A platform thread does the work of the connection
    /// itself meanwhile, if nobody else does.
    <T> T await(long address, Supplier<CompletableFuture<T>> call) {
        return await(core.sessions().turn(GlobalPointer.node(address)), call);
    }

    /// The same with a call that may go to any node.
    <T> T awaitAnywhere(Supplier<CompletableFuture<T>> call) {
        return await(core.sessions().turn(), call);
    }

    private static <T> T await(@Nullable Turn turn, Supplier<CompletableFuture<T>> call) {
        if (turn == null) {
            return await(call.get());
        }
        CompletableFuture<T> made;
        try (turn) {
            made = call.get();
            turn.until(made);
        }
        return await(made);
    }

    /// Waits for a call; virtual threads give their carrier back meanwhile. What the call threw is thrown with the
    /// caller's stack trace.
    static <T> T await(CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException wrapped) {
            Throwable cause = wrapped.getCause();
            switch (cause) {
                case BtdException error -> {
                    error.fillInStackTrace();
                    throw error;
                }
                case RuntimeException error -> throw error;
                case Error error -> throw error;
                case null, default -> throw wrapped;
            }
        }
    }
}
