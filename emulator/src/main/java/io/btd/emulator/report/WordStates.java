// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Kind;
import java.util.HashMap;
import java.util.Map;

/// What is known of each word, stepped from event to event: where its last store is.
final class WordStates {

    /// Where the last store to a word is.
    enum State {
        /// There was none yet.
        UNTOUCHED,
        /// In the cache: it may be lost.
        PENDING,
        /// On its way: it may be lost.
        ON_ITS_WAY,
        /// On the medium.
        DURABLE
    }

    private record Word(State state, int thread) {}

    private final Map<Long, Word> words = new HashMap<>();
    private final boolean losesStores;

    /// @param losesStores whether a store needs a write-back and a fence to stay
    WordStates(boolean losesStores) {
        this.losesStores = losesStores;
    }

    /// The state of the word at an offset.
    State of(long offset) {
        Word word = words.get(offset);
        return word == null ? State.UNTOUCHED : word.state();
    }

    void step(Event event) {
        if (event.kind() == Kind.FENCE) {
            words.replaceAll((offset, word) -> word.state() == State.ON_ITS_WAY && word.thread() == event.thread()
                    ? new Word(State.DURABLE, 0)
                    : word);
            return;
        }
        State stored = losesStores ? State.PENDING : State.DURABLE;
        for (long offset = event.from(); offset <= event.to(); offset += Long.BYTES) {
            if (event.stores()) {
                words.put(offset, new Word(stored, event.thread()));
            } else if (of(offset) == State.PENDING || of(offset) == State.ON_ITS_WAY) {
                words.put(offset, new Word(State.ON_ITS_WAY, event.thread()));
            }
        }
    }
}
