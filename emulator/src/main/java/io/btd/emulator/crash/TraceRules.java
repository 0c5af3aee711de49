// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.emulator.crash.Promise.Logged;
import io.btd.emulator.crash.Promise.Span;
import io.btd.emulator.crash.Trace.Kind;
import io.btd.pmem.MemoryHook.Access;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What must never be seen in a trace, wherever it is crashed. The rules look at the ranges that a promise
/// names, for much of an arena is volatile truth, which nobody persists.
///
/// | rule | broken when |
/// |---|---|
/// | dirty at the acknowledgement | a needed word has a store that nobody wrote back |
/// | not fenced at the acknowledgement | it was written back, but no fence followed |
/// | another thread's value | the same, and the acknowledging thread has read the word, which another one stored |
/// | unlogged store | a store into a logged range without a redo record on the medium that leaves the same |
/// | published before it is persistent | a word makes others reachable that are not on the medium |
///
/// Write-backs and fences that save nothing are counted, which breaks no rule. Confined to one thread.
final class TraceRules {
    private final PendingLines model;
    private final Loss loss;
    private final PersistCounts persists = new PersistCounts();
    private final BitSet foreign = new BitSet();
    private final Standing standing = new Standing(persists);
    private long[] base = new long[0];
    private long[] visible = new long[0];

    TraceRules(PendingLines model, Loss loss) {
        this.model = model;
        this.loss = loss;
    }

    PersistCounts persists() {
        return persists;
    }

    /// Starts again with a trace that begins with an image.
    void start(long[] image) {
        base = image;
        visible = image.clone();
        foreign.clear();
        standing.start();
    }

    /// Looks at an event before the model takes it; returns the rule that it breaks, or null.
    ///
    /// @param owed the promise that holds; at a promise already the new one
    /// @param looked whether this event counts; otherwise the rules only keep up
    @Nullable
    Finding before(Trace trace, int at, @Nullable Promise owed, boolean looked) {
        Finding finding = null;
        if (loss == Loss.BUFFER) {
            standing.before(trace, at, looked);
        }
        switch (trace.kind(at)) {
            case STORE, ORDERED_STORE -> {
                finding = looked && owed != null ? store(trace, at, owed) : null;
                visible[trace.word(at)] = trace.value(at);
                foreign.clear(trace.word(at));
            }
            case FOREIGN_LOAD -> foreign.set(trace.word(at));
            case PROMISE -> finding = looked && owed != null ? promise(trace, at, owed) : null;
            case WRITE_BACK -> {
                if (looked && owed != null && loss.saves(Access.WRITE_BACK)) {
                    int idle = model.idleLines(trace.thread(at), trace.firstLine(at), trace.lines(at));
                    int units = model.units(trace.firstLine(at), trace.lines(at));
                    persists.wroteBack(owed.operation(), trace.site(at), units, idle);
                }
            }
            case FENCE -> {
                if (owed != null && loss.saves(Access.FENCE)) {
                    fence(trace, at, owed.operation(), looked);
                }
            }
        }
        return finding;
    }

    private void fence(Trace trace, int at, String operation, boolean looked) {
        boolean idle = model.idleFence(trace.thread(at));
        if (looked) {
            persists.fenced(operation, trace.site(at), idle);
        }
        if (idle) {
            return;
        }
        if (loss == Loss.BUFFER) {
            standing.fenced(trace, at, operation);
        } else if (looked) {
            persists.missable(operation, trace.site(at));
        }
    }

    private @Nullable Finding store(Trace trace, int at, Promise owed) {
        int word = trace.word(at);
        long value = trace.value(at);
        Logged logged = owed.logged();
        if (logged != null && logged.contains(word) && !logged.covered(model.durable(), word, value)) {
            return finding("unlogged store", owed, trace, at, at);
        }
        if (model.drained(trace.thread(at))) {
            return null;
        }
        for (Span span : owed.published(word, value, visible)) {
            for (int content = span.from(); content < span.to(); content++) {
                int pending = pendingStore(content);
                if (pending >= 0 && content != word && (span.zeros() || trace.value(pending) != 0)) {
                    return finding(
                            "published before it is persistent, by " + Origins.name(trace.origin(at)) + " to offset 0x"
                                    + Long.toHexString(word * 8L),
                            owed,
                            trace,
                            at,
                            pending);
                }
            }
        }
        return null;
    }

    private @Nullable Finding promise(Trace trace, int at, Promise owed) {
        if (!owed.acknowledges()) {
            return null;
        }
        for (Line line : model.pending()) {
            for (int store = 0; store < line.size(); store++) {
                int word = line.word(store);
                long needed = owed.needs(word);
                if (needed != 0 && ((line.value(store) ^ model.durable()[word]) & needed) != 0) {
                    int position = line.position(store);
                    boolean flushed = line.writtenBack(store);
                    String rule = foreign.get(word)
                            ? "another thread's value acknowledged before it is persistent"
                            : flushed || loss == Loss.BUFFER
                                    ? "not fenced at the acknowledgement"
                                    : "dirty at the acknowledgement";
                    return finding(rule, owed, trace, at, position);
                }
            }
        }
        return null;
    }

    /// Where the last store to a word is that is not durable and would change it; -1 when there is none.
    private int pendingStore(int word) {
        Line line = model.lineOf(word);
        int found = -1;
        for (int store = 0; line != null && store < line.size(); store++) {
            if (line.word(store) == word && line.value(store) != model.durable()[word]) {
                found = line.position(store);
            }
        }
        return found;
    }

    private Finding finding(String rule, Promise owed, Trace trace, int at, int store) {
        String what = "rule broken: %s: offset=0x%x, value=0x%x, stored by %s"
                .formatted(rule, trace.word(store) * 8L, trace.value(store), Origins.name(trace.origin(store)));
        String where = trace.kind(at) == Kind.PROMISE ? "at the acknowledgement" : "at store " + at;
        Cut nothing = new Cut(model.pending());
        nothing.none();
        Scene scene = CrashSearch.scene(base, model, nothing, trace, at);
        return new Finding(what, owed, List.of(new Finding.Crash(at, where, List.of(), scene)));
    }
}
