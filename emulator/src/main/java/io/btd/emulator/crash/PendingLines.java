// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.emulator.crash.Trace.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The persistence model, stepped along a trace: what is durable for certain, and per unit of [Loss] what may
/// or may not have reached the medium. Units are independent of each other. Where fences count, a fence
/// completes the write-backs of its own thread; a compare-and-set is an ordered store and completes nothing.
///
/// Reused; not thread-safe.
final class PendingLines {
    private final long[] durable;
    private final Line[] lines;
    private final List<Line> pending = new ArrayList<>();
    private final Loss loss;
    private final int unit;
    private final Recorder target;
    private long hash;
    private int buffering;
    private final int[] onTheirWay = new int[Line.THREADS];

    /// A model whose durable words are also kept in `target`.
    PendingLines(Recorder target, Loss loss) {
        this.target = target;
        this.loss = loss;
        durable = new long[target.words()];
        unit = Math.min(loss.unitWords(), durable.length);
        lines = new Line[(durable.length + unit - 1) / unit];
    }

    /// Starts again from an image.
    void start(long[] image) {
        start(image, ImageHash.of(image));
    }

    /// Starts again from an image whose hash is known.
    void start(long[] image, long imageHash) {
        for (Line line : pending) {
            line.clear();
        }
        pending.clear();
        Arrays.fill(onTheirWay, 0);
        System.arraycopy(image, 0, durable, 0, image.length);
        hash = imageHash;
        target.layAll(image);
    }

    /// Whether a crash right before an event can leave what one before the next event that counts cannot.
    boolean isPoint(Trace trace, int position) {
        Kind kind = trace.kind(position);
        return switch (loss) {
            case LINES -> kind == Kind.FENCE && onTheirWay[trace.thread(position)] > 0;
            case SECTORS -> kind == Kind.WRITE_BACK && wouldSettle(trace.firstLine(position), trace.lines(position));
            case BUFFER ->
                !pending.isEmpty() && (kind == Kind.FENCE || trace.stores(position) && drained(trace.thread(position)));
            case NOTHING -> trace.stores(position);
        };
    }

    private boolean wouldSettle(int first, int count) {
        for (Line line : pending) {
            if (inRange(line, first, count)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a unit shares a cache line with a range of them.
    private boolean inRange(Line line, int first, int count) {
        long from = (long) first * Recorder.LINE_WORDS;
        long to = from + (long) count * Recorder.LINE_WORDS;
        long start = (long) line.number * unit;
        return start < to && start + unit > from;
    }

    void step(Trace trace, int position) {
        Kind kind = trace.kind(position);
        switch (kind) {
            case STORE, ORDERED_STORE -> store(trace, position, kind == Kind.ORDERED_STORE);
            case WRITE_BACK -> writeBack(trace.thread(position), trace.firstLine(position), trace.lines(position));
            case FENCE -> fence(trace.thread(position));
            case PROMISE, FOREIGN_LOAD -> {
                // changes what is owed, not what is there
            }
        }
    }

    private void store(Trace trace, int position, boolean ordered) {
        int word = trace.word(position);
        long value = trace.value(position);
        if (loss == Loss.NOTHING) {
            settle(word, value);
            return;
        }
        if (loss == Loss.BUFFER) {
            takeTurn(trace.thread(position));
        }
        int number = word / unit;
        Line line = lines[number];
        if (line == null) {
            line = new Line(number);
            lines[number] = line;
        }
        if (line.size() == 0) {
            pending.add(line);
        }
        line.store(word, value, ordered, position);
    }

    /// Whether nothing waits in a store buffer once this thread goes on.
    boolean drained(int thread) {
        return loss == Loss.BUFFER && thread != buffering;
    }

    /// The thread that goes on has seen what the other one stored, so that is out of the buffer.
    private void takeTurn(int thread) {
        if (thread != buffering) {
            settleAll();
            buffering = thread;
        }
    }

    private void writeBack(int thread, int first, int count) {
        switch (loss) {
            case LINES -> {
                for (Line line : pending) {
                    if (line.number >= first && line.number < first + count) {
                        onTheirWay[thread] += line.flushed(thread) == 0 ? 1 : 0;
                        line.writeBack(thread);
                    }
                }
            }
            case SECTORS -> {
                boolean any = false;
                for (Line line : pending) {
                    if (inRange(line, first, count)) {
                        settle(line);
                        any = true;
                    }
                }
                if (any) {
                    pending.removeIf(line -> line.size() == 0);
                }
            }
            case BUFFER, NOTHING -> {
                // nothing waits for it
            }
        }
    }

    private void fence(int thread) {
        if (loss == Loss.BUFFER) {
            takeTurn(thread);
            settleAll();
        }
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

    private void settleAll() {
        pending.forEach(this::settle);
        pending.clear();
    }

    private void settle(Line line) {
        for (int i = 0; i < line.size(); i++) {
            settle(line.word(i), line.value(i));
        }
        line.clear();
    }

    private void settle(int word, long value) {
        hash += ImageHash.of(word, value) - ImageHash.of(word, durable[word]);
        durable[word] = value;
        target.lay(word, value);
    }

    /// Of how many units of a range a write-back by a thread would save nothing.
    int idleLines(int thread, int first, int count) {
        int busy = 0;
        for (Line line : pending) {
            boolean waits = loss != Loss.LINES || line.size() > line.flushed(thread);
            busy += waits && inRange(line, first, count) ? 1 : 0;
        }
        return units(first, count) - busy;
    }

    /// How many units share a cache line with a range of them.
    int units(int first, int count) {
        long from = (long) first * Recorder.LINE_WORDS / unit;
        long to = ((long) (first + count) * Recorder.LINE_WORDS - 1) / unit;
        return (int) (to - from + 1);
    }

    /// Whether a fence of a thread completes nothing.
    boolean idleFence(int thread) {
        return switch (loss) {
            case LINES -> onTheirWay[thread] == 0;
            case BUFFER -> pending.isEmpty() || thread != buffering;
            case SECTORS, NOTHING -> true;
        };
    }

    /// The unit a word is in, whether or not something is pending there; null where nothing ever was.
    @Nullable
    Line lineOf(int word) {
        return lines[word / unit];
    }

    /// Whether any of the 64-byte lines of a unit is in a set.
    boolean anyIn(Line line, BitSet cacheLines) {
        int from = (int) ((long) line.number * unit / Recorder.LINE_WORDS);
        int next = cacheLines.nextSetBit(from);
        return next >= 0 && next < ((long) line.number * unit + unit + Recorder.LINE_WORDS - 1) / Recorder.LINE_WORDS;
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
