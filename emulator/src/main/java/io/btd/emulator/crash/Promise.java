// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import org.jspecify.annotations.Nullable;

/// What a program owes its user from some moment on: what must be found after a crash. The check knows
/// what is inside.
public interface Promise {

    /// Whether this is the moment something was acknowledged: a crash point of its own.
    boolean acknowledges();

    /// What is still owed once the recovery from a crash has begun, and crashes in turn.
    default Promise whileRecovering() {
        return this;
    }

    /// The operation that is in flight or was acknowledged; counts are kept by it.
    default String operation() {
        return "";
    }

    /// The bits of a word that must be on the medium once this is acknowledged: see [TraceRules].
    default long needs(int word) {
        return 0;
    }

    /// The range that must not be stored to before a redo record for it is on the medium; null where there is
    /// none.
    default @Nullable Logged logged() {
        return null;
    }

    /// The words that must be on the medium before `value` is stored to `word`, because that makes them
    /// reachable.
    ///
    /// @param visible all words as the program sees them
    default Span[] published(int word, long value, long[] visible) {
        return Span.NONE;
    }

    /// What the program is doing or has done, in a word or two.
    default String title() {
        return toString();
    }

    /// Equal promises have equal hashes, different ones almost never.
    long hash();

    /// Words from one up to, not including, another.
    ///
    /// @param zeros whether zeros that were stored count: where nothing was promised of a former life, those
    ///     that the punching of a hole leaves do not
    record Span(int from, int to, boolean zeros) {
        /// No words.
        @SuppressWarnings("MutablePublicArray") // has no elements
        public static final Span[] NONE = {};
    }

    /// A range that changes under a redo record.
    interface Logged {
        /// Whether a word is in it, wholly or in part.
        boolean contains(int word);

        /// Whether a record that counts is on the medium and leaves `value` in `word`.
        boolean covered(long[] durable, int word, long value);
    }
}
