// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.emulator.net.history.Call;
import io.btd.emulator.net.history.Effect;
import io.btd.emulator.net.history.Linearizability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// A word, a name or a slot that several threads change, and what it may hold now: everything that an order of the
/// calls can lead to in which those that have returned took place, those in flight may have, and every answer is right.
///
/// Values are numbers of blocks (of their lives: memory is used again), 0 for none; calls know them by `pointers`.
/// Changed only by the thread that has the turn.
final class RaceRegister {
    private static final int LIMIT = 10_000;

    final String name;
    private final LongUnaryOperator pointers;
    private long base;
    private final List<Change> changes = new ArrayList<>();
    private final List<Call> history = new ArrayList<>();
    /// The blocks that were put here and not taken out yet.
    final List<RaceBlock> inside = new ArrayList<>();

    RaceRegister(String name, LongUnaryOperator pointers) {
        this.name = name;
        this.pointers = pointers;
    }

    /// A call that changes it.
    static final class Change {
        final long began;
        final long value;
        final @Nullable Long expected;
        long ended = Call.NEVER;

        @Nullable
        Long before;

        @Nullable
        Boolean done;

        Change(long began, long value, @Nullable Long expected) {
            this.began = began;
            this.value = value;
            this.expected = expected;
        }
    }

    /// A call begins.
    ///
    /// @param expected the pointer it must find to change anything; null if it changes it in any case
    Change begin(long now, long value, @Nullable Long expected) {
        Change change = new Change(now, value, expected);
        changes.add(change);
        return change;
    }

    /// It returned.
    ///
    /// @param before the pointer it found; null if it did not say
    /// @param done whether it changed it; null if it did not say
    void end(int thread, Change change, long now, @Nullable Long before, @Nullable Boolean done) {
        change.ended = now;
        change.before = before;
        change.done = done;
        history.add(new Call(thread, change.began, now, effect(change)));
    }

    private Effect effect(Change change) {
        long to = pointers.applyAsLong(change.value);
        if (change.expected != null) {
            return new Effect.CompareAndSet(change.expected, to, change.done);
        }
        return change.before == null
                ? new Effect.Swap(to, OptionalLong.empty())
                : new Effect.Swap(to, OptionalLong.of(change.before));
    }

    /// A call was refused: it changed nothing.
    void refused(Change change) {
        changes.remove(change);
    }

    void read(int thread, long began, long ended, long pointer) {
        history.add(new Call(thread, began, ended, new Effect.Read(pointer)));
    }

    /// What it may hold; empty when no order explains the answers.
    Set<Long> possible() {
        Set<Long> values = new TreeSet<>();
        walk(base, 0, values, new HashSet<>());
        if (values.size() == 1 && changes.stream().allMatch(change -> change.ended != Call.NEVER)) {
            base = values.iterator().next();
            changes.clear();
        }
        return values;
    }

    private void walk(long value, int taken, Set<Long> values, Set<List<Long>> seen) {
        if (!seen.add(List.of(value, (long) taken))) {
            return;
        }
        long firstEnd = Call.NEVER;
        for (int i = 0; i < changes.size(); i++) {
            firstEnd = (taken >>> i & 1) == 0 ? Math.min(firstEnd, changes.get(i).ended) : firstEnd;
        }
        if (firstEnd == Call.NEVER) {
            values.add(value);
        }
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            if ((taken >>> i & 1) == 0 && change.began < firstEnd && explains(change, value)) {
                walk(after(change, value), taken | 1 << i, values, seen);
            }
        }
    }

    private boolean explains(Change change, long value) {
        long found = pointers.applyAsLong(value);
        boolean right = change.before == null || change.before == found;
        return right && (change.done == null || change.expected == null || change.done == (change.expected == found));
    }

    private long after(Change change, long value) {
        return change.expected == null || change.expected == pointers.applyAsLong(value) ? change.value : value;
    }

    /// Whether all calls, reads too, can have happened one after another.
    boolean linearizable(long initial) {
        return Linearizability.check(history, initial, LIMIT) != Linearizability.Verdict.VIOLATED;
    }
}
