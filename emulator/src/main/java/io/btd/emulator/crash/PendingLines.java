// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Trace.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The persistence model, stepped along a trace: what is durable for certain, and per line what may or may
/// not have reached the medium. Lines are independent of each other. A fence completes the write-backs of its
/// own thread; a compare-and-set is an ordered store and completes nothing.
///
/// In the domains that lose no store (EADR, PROCESS) a store is durable at once. Reused; not thread-safe.
final class PendingLines {
    private final long[] durable;
    private final Line[] lines;
    private final List<Line> pending = new ArrayList<>();
    private final boolean cached;
    private final Recorder target;
    private long hash;
    private final int[] onTheirWay = new int[Line.THREADS];

    /// A model whose durable words are also kept in `target`.
    PendingLines(Recorder target, PersistenceDomain domain) {
        this.target = target;
        durable = new long[target.words()];
        lines = new Line[(durable.length + Recorder.LINE_WORDS - 1) / Recorder.LINE_WORDS];
        cached = switch (domain) {
            case CACHE_LINE -> true;
            case EADR, PROCESS -> false;
            case PAGE -> throw new IllegalArgumentException("domain is not modelled: domain=PAGE; use CACHE_LINE");
        };
    }

    /// Starts again from an image.
    void start(long[] image) {
        for (Line line : pending) {
            line.clear();
        }
        pending.clear();
        Arrays.fill(onTheirWay, 0);
        System.arraycopy(image, 0, durable, 0, image.length);
        hash = ImageHash.of(image);
        target.layAll(image);
    }

    /// Whether stores can be lost at all.
    boolean cached() {
        return cached;
    }

    /// Whether a fence of a thread would make something durable now.
    boolean fenceWouldCount(int thread) {
        return onTheirWay[thread] > 0;
    }

    void step(Trace trace, int position) {
        Kind kind = trace.kind(position);
        switch (kind) {
            case STORE, ORDERED_STORE -> store(trace.word(position), trace.value(position), kind == Kind.ORDERED_STORE);
            case WRITE_BACK -> writeBack(trace.thread(position), trace.firstLine(position), trace.lines(position));
            case FENCE -> fence(trace.thread(position));
            case PROMISE -> {
                // changes what is owed, not what is there
            }
        }
    }

    private void store(int word, long value, boolean ordered) {
        if (!cached) {
            settle(word, value);
            return;
        }
        int number = word / Recorder.LINE_WORDS;
        Line line = lines[number];
        if (line == null) {
            line = new Line(number);
            lines[number] = line;
        }
        if (line.size() == 0) {
            pending.add(line);
        }
        line.store(word, value, ordered);
    }

    private void writeBack(int thread, int first, int count) {
        for (Line line : pending) {
            if (line.number >= first && line.number < first + count) {
                onTheirWay[thread] += line.flushed(thread) == 0 ? 1 : 0;
                line.writeBack(thread);
            }
        }
    }

    private void fence(int thread) {
        if (onTheirWay[thread] == 0) {
            return;
        }
        for (Line line : pending) {
            for (int i = 0; i < line.flushed(thread); i++) {
                settle(line.word(i), line.value(i));
            }
            for (int other = 0; other < Line.THREADS; other++) {
                onTheirWay[other] -= line.flushed(other) > 0 && line.flushed(other) <= line.flushed(thread) ? 1 : 0;
            }
            line.arrived(thread);
        }
        pending.removeIf(line -> line.size() == 0);
    }

    private void settle(int word, long value) {
        hash += ImageHash.of(word, value) - ImageHash.of(word, durable[word]);
        durable[word] = value;
        target.lay(word, value);
    }

    /// The lines that have something pending.
    List<Line> pending() {
        return pending;
    }

    /// What is durable for certain.
    long[] durable() {
        return durable;
    }

    /// The hash of what is durable for certain.
    long hash() {
        return hash;
    }
}
