// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.Layout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A program's open cluster, what it knows of it, and what is in flight. The actions change all three
/// together. Not thread-safe.
final class Session {
    private final BtdCluster cluster;
    private final @Nullable NodeUnderTest node;
    private final ArenaLook look;
    private final Ledger ledger;
    private Owing inFlight;
    private final List<Long> filling = new ArrayList<>();
    private final Deque<Long> limbo = new ArrayDeque<>();
    private long counter;

    Session(
            BtdCluster cluster,
            @Nullable NodeUnderTest node,
            ArenaLook look,
            Ledger ledger,
            Owing inFlight,
            long counter) {
        this.cluster = cluster;
        this.node = node;
        this.look = look;
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.counter = counter;
    }

    BtdCluster cluster() {
        return cluster;
    }

    /// The node under the calls, or null when the arena is used by one process alone.
    @Nullable
    NodeUnderTest node() {
        return node;
    }

    /// The arena's bytes.
    ArenaLook look() {
        return look;
    }

    /// Blocks in limbo, the oldest first.
    Deque<Long> limbo() {
        return limbo;
    }

    long malloc(long size, Alloc alloc) {
        return node == null ? cluster.malloc(size, alloc) : node.heap().mallocHeld(size, alloc);
    }

    long malloc(Layout layout, long size) {
        return node == null ? cluster.malloc(layout, size) : node.heap().mallocHeld(layout, size);
    }

    Ledger ledger() {
        return ledger;
    }

    void inFlight(Owing owing) {
        inFlight = owing;
    }

    Owing inFlight() {
        return inFlight;
    }

    /// Blocks that only take up room.
    List<Long> filling() {
        return filling;
    }

    /// A number that was not used before; too small to look like a pointer.
    long fresh() {
        return ++counter;
    }

    /// A word: which cell, which word in it.
    record Word(Cell cell, int index) {
        long address() {
            return cell.pointer() + index * 8L;
        }

        long value() {
            return cell.word(index);
        }
    }

    /// The words that may hold pointers and satisfy `wanted`, in the order of their blocks.
    List<Word> pointerWords(Predicate<Word> wanted) {
        return words(word -> word.cell().mayPoint(word.index()) && wanted.test(word));
    }

    /// The words that satisfy `wanted`.
    List<Word> words(Predicate<Word> wanted) {
        List<Word> words = new ArrayList<>();
        for (Cell cell : ledger.cells()) {
            for (int index = 0; index < cell.words(); index++) {
                Word word = new Word(cell, index);
                if (wanted.test(word)) {
                    words.add(word);
                }
            }
        }
        return words;
    }

    /// Whether a word holds a pointer to a block.
    boolean points(Word word) {
        return word.cell().mayPoint(word.index()) && ledger.knows(word.value());
    }

    /// What a call returned must be what the ledger expects.
    void expect(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Unexpected(what + " returned " + actual + " instead of " + expected);
        }
    }

    /// A call answered wrongly, without any crash.
    static final class Unexpected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unexpected(String what) {
            super(what);
        }
    }
}
