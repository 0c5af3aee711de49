// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import static io.btd.emulator.net.history.Answers.changes;
import static io.btd.emulator.net.history.Answers.number;
import static io.btd.emulator.net.history.Answers.reads;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.emulator.net.history.Effect.Add;
import io.btd.emulator.net.history.Effect.CompareAndSet;
import io.btd.emulator.net.history.Effect.SetIfZero;
import io.btd.emulator.net.history.Effect.Swap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// One client of a cluster whose calls are recorded. Not thread-safe: one client makes one call after another. Blocks
/// are filled with one tag, repeated.
///
/// A client that does not know whether a call took effect must leave alone what it was about: the call may
/// take effect later.
public final class RecordedCluster implements AutoCloseable {
    /// What is seen where a block is not filled with one tag.
    public static final long MIXED = -1;

    private final BtdCluster cluster;
    private final History history;
    private final Recorder recorder;

    /// Records what `client` does on `cluster`.
    public RecordedCluster(BtdCluster cluster, History history, int client) {
        this.cluster = cluster;
        this.history = history;
        recorder = new Recorder(history, client);
    }

    /// Allocates a zeroed block.
    ///
    /// @param size in bytes, a multiple of 8
    /// @param where says what the call is made on, such as `BtdCluster::spread`
    public Outcome<Long> malloc(long size, Alloc alloc, UnaryOperator<BtdCluster> where) {
        long began = history.tick();
        Outcome<Long> outcome =
                recorder.call(0, () -> where.apply(cluster).malloc(size, alloc.withZeroes()), ignored -> Map.of());
        if (outcome instanceof Outcome.Done<Long>(Long block)) {
            recorder.granted(block, size, began);
        }
        return outcome;
    }

    /// Frees a block.
    public Outcome<Boolean> free(long block) {
        Outcome<Boolean> outcome = call(
                block,
                done(() -> cluster.free(block)),
                changes(Register.block(block), done -> new CompareAndSet(1, 0, done.orElse(null))));
        if (!(outcome instanceof Outcome.Refused<Boolean>)) {
            recorder.letGo(block);
        }
        return outcome;
    }

    /// Makes the client's session a holder of a block.
    public Outcome<Boolean> adopt(long block) {
        long began = history.tick();
        Outcome<Boolean> outcome = call(block, done(() -> cluster.adopt(block)), ignored -> Map.of());
        if (!(outcome instanceof Outcome.Refused<Boolean>)) {
            recorder.hold(block, began);
        }
        return outcome;
    }

    /// Fills a block with a tag, failure-atomically.
    public Outcome<Boolean> fill(long block, long size, long tag) {
        MemorySegment source = MemorySegment.ofArray(new long[Math.toIntExact(size / Long.BYTES)]);
        for (long at = 0; at < source.byteSize(); at += Long.BYTES) {
            source.set(ValueLayout.JAVA_LONG, at, tag);
        }
        return call(
                block,
                done(() -> cluster.memcpy(block, source)),
                changes(Register.content(block), ignored -> Swap.to(tag)));
    }

    /// Reads the tag a block is filled with.
    public Outcome<Long> content(long block, long size) {
        MemorySegment seen = MemorySegment.ofArray(new long[Math.toIntExact(size / Long.BYTES)]);
        Supplier<Long> body = () -> {
            cluster.read(block, seen);
            return tagIn(seen);
        };
        return call(block, body, reads(Register.content(block)));
    }

    private static long tagIn(MemorySegment seen) {
        long tag = seen.get(ValueLayout.JAVA_LONG, 0);
        for (long at = Long.BYTES; at < seen.byteSize(); at += Long.BYTES) {
            if (seen.get(ValueLayout.JAVA_LONG, at) != tag) {
                return MIXED;
            }
        }
        return tag;
    }

    /// Stores a pointer, which publishes its block.
    public Outcome<Boolean> putPointer(long slot, long block) {
        Outcome<Boolean> outcome = call(
                slot,
                done(() -> cluster.putPointer(slot, block)),
                changes(Register.word(slot), ignored -> Swap.to(block)));
        if (outcome instanceof Outcome.Done<Boolean>) {
            recorder.letGo(block);
        }
        return outcome;
    }

    /// Unlinks and frees a block.
    public Outcome<Boolean> unlinkAndFree(long slot, long expected, long replacement) {
        Answers<Boolean> answers = answer -> {
            Map<Register, Effect> effects = new HashMap<>();
            effects.put(Register.word(slot), new CompareAndSet(expected, replacement, answer.orElse(null)));
            if (answer.orElse(true)) {
                effects.put(Register.block(expected), new CompareAndSet(1, 0, answer.orElse(null)));
            }
            return effects;
        };
        Outcome<Boolean> outcome = call(slot, () -> cluster.unlinkAndFree(slot, expected, replacement), answers);
        if (outcome instanceof Outcome.Done<Boolean>(Boolean done) && done) {
            recorder.letGo(expected);
            recorder.letGo(replacement);
        }
        return outcome;
    }

    /// Reads a word.
    public Outcome<Long> getLong(long address) {
        return call(address, () -> cluster.getLong(address), reads(Register.word(address)));
    }

    /// Compares and sets a word.
    public Outcome<Boolean> compareAndSet(long address, long expected, long value) {
        return call(
                address,
                () -> cluster.compareAndSet(address, expected, value),
                changes(Register.word(address), done -> new CompareAndSet(expected, value, done.orElse(null))));
    }

    /// Adds to a word.
    public Outcome<Long> getAndAdd(long address, long delta) {
        return call(
                address,
                () -> cluster.getAndAdd(address, delta),
                changes(Register.word(address), seen -> new Add(delta, number(seen))));
    }

    /// Replaces a word.
    public Outcome<Long> getAndSet(long address, long value) {
        return call(
                address,
                () -> cluster.getAndSet(address, value),
                changes(Register.word(address), seen -> new Swap(value, number(seen))));
    }

    /// Looks a name up.
    public Outcome<Long> rootGet(String name) {
        return call(0, () -> cluster.roots().get(name), reads(Register.root(name)));
    }

    /// Publishes under a name.
    public Outcome<Long> rootPut(String name, long block) {
        Outcome<Long> outcome = call(
                0,
                () -> cluster.roots().put(name, block),
                changes(Register.root(name), seen -> new Swap(block, number(seen))));
        if (outcome instanceof Outcome.Done<Long>) {
            recorder.letGo(block);
        }
        return outcome;
    }

    /// Publishes under a name that nothing has.
    public Outcome<Long> rootPutIfAbsent(String name, long block) {
        Outcome<Long> outcome = call(
                0,
                () -> cluster.roots().putIfAbsent(name, block),
                changes(Register.root(name), seen -> new SetIfZero(block, number(seen))));
        if (outcome instanceof Outcome.Done<Long>(Long seen) && seen == GlobalPointer.NULL) {
            recorder.letGo(block);
        }
        return outcome;
    }

    /// Removes a name.
    public Outcome<Boolean> rootRemove(String name, long expected) {
        return call(
                0,
                () -> cluster.roots().remove(name, expected),
                changes(Register.root(name), done -> new CompareAndSet(expected, 0, done.orElse(null))));
    }

    /// Whether the client's session holds the block, as far as it knows; not after the session was lost.
    public boolean holds(long block) {
        return recorder.holds(block);
    }

    /// Asks about everything that is held, so that a session that was lost unnoticed is noticed; then ends the session.
    /// What
    /// it holds may end from then on.
    @Override
    public void close() {
        for (long block : recorder.held()) {
            if (recorder.holds(block)) {
                call(block, () -> cluster.usableSize(block), ignored -> Map.of());
            }
        }
        recorder.mayEnd(ignored -> true);
        cluster.close();
    }

    private <T> Outcome<T> call(long pointer, Supplier<T> body, Answers<T> answers) {
        return recorder.call(pointer, body, answers);
    }

    private static Supplier<Boolean> done(Runnable body) {
        return () -> {
            body.run();
            return true;
        };
    }
}
