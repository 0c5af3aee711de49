// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.PersistenceDomain;
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
        /// In the cache, or in the store buffer: it may be lost.
        PENDING,
        /// On its way: it may be lost.
        ON_ITS_WAY,
        /// On the medium.
        DURABLE
    }

    private record Word(State state, int thread) {}

    private final Map<Long, Word> words = new HashMap<>();
    private final PersistenceDomain domain;
    private int buffering;

    /// @param domain whose losses count
    WordStates(PersistenceDomain domain) {
        this.domain = domain;
    }

    /// The state of the word at an offset.
    State of(long offset) {
        Word word = words.get(offset);
        return word == null ? State.UNTOUCHED : word.state();
    }

    void step(Event event) {
        if (event.kind() == Kind.FENCE) {
            fence(event.thread());
            return;
        }
        if (event.stores() && event.thread() != buffering) {
            takeTurn(event.thread());
        }
        State stored = domain == PersistenceDomain.PROCESS ? State.DURABLE : State.PENDING;
        for (long offset = event.from(); offset <= event.to(); offset += Long.BYTES) {
            if (event.stores()) {
                words.put(offset, new Word(stored, event.thread()));
            } else if (of(offset) == State.PENDING || of(offset) == State.ON_ITS_WAY) {
                writeBack(offset, event.thread());
            }
        }
    }

    private void writeBack(long offset, int thread) {
        switch (domain) {
            case CACHE_LINE -> words.put(offset, new Word(State.ON_ITS_WAY, thread));
            case PAGE -> words.put(offset, new Word(State.DURABLE, thread));
            case EADR, PROCESS -> {
                // nothing waits for it
            }
        }
    }

    private void fence(int thread) {
        if (domain == PersistenceDomain.EADR) {
            takeTurn(thread);
            settle(State.PENDING, thread);
        } else {
            settle(State.ON_ITS_WAY, thread);
        }
    }

    /// The thread that goes on has seen what the others stored, so that is out of their buffers.
    private void takeTurn(int thread) {
        if (domain == PersistenceDomain.EADR && thread != buffering) {
            settle(State.PENDING, buffering);
        }
        buffering = thread;
    }

    private void settle(State from, int thread) {
        words.replaceAll(
                (offset, word) -> word.state() == from && word.thread() == thread ? new Word(State.DURABLE, 0) : word);
    }
}
