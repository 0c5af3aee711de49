// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.api.GlobalPointer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a call does to one register, and what it answered. A call whose answer never came has no answer here
/// (empty or null), and anything explains it.
public sealed interface Effect {

    /// Whether the answer is right when the register holds `before`.
    boolean explainedBy(long before);

    /// What the register holds afterwards.
    long after(long before);

    /// The same call with its answer unknown.
    Effect unanswered();

    /// Reads.
    record Read(long seen) implements Effect {
        @Override
        public boolean explainedBy(long before) {
            return seen == before;
        }

        @Override
        public long after(long before) {
            return before;
        }

        @Override
        public Effect unanswered() {
            throw new IllegalStateException("a read without an answer says nothing");
        }

        @Override
        public String toString() {
            return "read -> " + text(seen);
        }
    }

    /// Writes, and may answer what was there.
    record Swap(long value, OptionalLong seen) implements Effect {
        /// Writes, and answers nothing.
        static Swap to(long value) {
            return new Swap(value, OptionalLong.empty());
        }

        @Override
        public boolean explainedBy(long before) {
            return seen.isEmpty() || seen.getAsLong() == before;
        }

        @Override
        public long after(long before) {
            return value;
        }

        @Override
        public Effect unanswered() {
            return new Swap(value, OptionalLong.empty());
        }

        @Override
        public String toString() {
            return "set " + text(value) + answer(seen);
        }
    }

    /// Replaces one value by another.
    record CompareAndSet(
            long expected, long value, @Nullable Boolean done) implements Effect {
        @Override
        public boolean explainedBy(long before) {
            return done == null || done == (before == expected);
        }

        @Override
        public long after(long before) {
            return before == expected ? value : before;
        }

        @Override
        public Effect unanswered() {
            return new CompareAndSet(expected, value, null);
        }

        @Override
        public String toString() {
            return "cas " + text(expected) + " to " + text(value) + (done == null ? " -> ?" : " -> " + done);
        }
    }

    /// Adds.
    record Add(long delta, OptionalLong seen) implements Effect {
        @Override
        public boolean explainedBy(long before) {
            return seen.isEmpty() || seen.getAsLong() == before;
        }

        @Override
        public long after(long before) {
            return before + delta;
        }

        @Override
        public Effect unanswered() {
            return new Add(delta, OptionalLong.empty());
        }

        @Override
        public String toString() {
            return "add " + delta + answer(seen);
        }
    }

    /// Writes where nothing is.
    record SetIfZero(long value, OptionalLong seen) implements Effect {
        @Override
        public boolean explainedBy(long before) {
            return seen.isEmpty() || seen.getAsLong() == before;
        }

        @Override
        public long after(long before) {
            return before == 0 ? value : before;
        }

        @Override
        public Effect unanswered() {
            return new SetIfZero(value, OptionalLong.empty());
        }

        @Override
        public String toString() {
            return "set if 0 " + text(value) + answer(seen);
        }
    }

    private static String answer(OptionalLong seen) {
        return seen.isEmpty() ? " -> ?" : " -> " + text(seen.getAsLong());
    }

    private static String text(long value) {
        return GlobalPointer.node(value) == 0 || value < 0 ? Long.toString(value) : GlobalPointer.toString(value);
    }
}
