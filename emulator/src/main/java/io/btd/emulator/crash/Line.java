// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.Arrays;

/// The stores to one unit of loss (a 64-byte line, a sector, a store buffer) that are not durable yet, in
/// order, in groups: any prefix of the groups may have reached the medium, and any part of the group after
/// them. An ordered store begins a group: it waits for the stores before it, and those behind it do not wait
/// for it, as the memory model has it for a release. A write-back ends a group.
///
/// ```
/// durable | a b | c d | e            c, e ordered: {} {a} {b} {ab} {abc} {abd} {abcd} {abcde}
///           ^^^^^^^^^         flushed: becomes durable at the next fence
/// ```
final class Line {
    static final int THREADS = 3;

    final int number;
    private int[] words = new int[8];
    private long[] values = new long[8];
    private int[] positions = new int[8];
    private int[] starts = new int[4];
    private int groups;
    private int size;
    private final int[] flushed = new int[THREADS];
    private boolean groupEnded = true;

    Line(int number) {
        this.number = number;
    }

    int size() {
        return size;
    }

    /// How many stores a thread has on their way.
    int flushed(int thread) {
        return flushed[thread];
    }

    int word(int i) {
        return words[i];
    }

    long value(int i) {
        return values[i];
    }

    /// Where in the trace a store is.
    int position(int i) {
        return positions[i];
    }

    int groupCount() {
        return groups;
    }

    /// The first store of a group; of the one after the last, how many stores there are.
    int start(int group) {
        return group == groups ? size : starts[group];
    }

    int groupSize(int group) {
        return start(group + 1) - starts[group];
    }

    void store(int word, long value, boolean ordered, int position) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size * 2);
            values = Arrays.copyOf(values, size * 2);
            positions = Arrays.copyOf(positions, size * 2);
        }
        if (ordered || groupEnded) {
            begin(size);
        }
        words[size] = word;
        values[size] = value;
        positions[size++] = position;
        groupEnded = false;
    }

    private void begin(int store) {
        if (groups == starts.length) {
            starts = Arrays.copyOf(starts, groups * 2);
        }
        starts[groups++] = store;
    }

    /// Whether a store is on its way: a thread wrote it back, and only the fence is missing.
    boolean writtenBack(int store) {
        for (int thread = 0; thread < THREADS; thread++) {
            if (store < flushed[thread]) {
                return true;
            }
        }
        return false;
    }

    void writeBack(int thread) {
        flushed[thread] = size;
        groupEnded = true;
    }

    /// Forgets the stores a thread had on their way; those behind them stay pending.
    void arrived(int thread) {
        int gone = flushed[thread];
        int left = size - gone;
        if (left == 0) {
            clear();
            return;
        }
        if (gone == 0) {
            return;
        }
        System.arraycopy(words, gone, words, 0, left);
        System.arraycopy(values, gone, values, 0, left);
        System.arraycopy(positions, gone, positions, 0, left);
        int kept = 0;
        for (int group = 0; group < groups; group++) {
            if (start(group + 1) > gone) {
                starts[kept++] = Math.max(0, starts[group] - gone);
            }
        }
        groups = kept;
        size = left;
        for (int other = 0; other < THREADS; other++) {
            flushed[other] = Math.max(0, flushed[other] - gone);
        }
    }

    void clear() {
        size = 0;
        groups = 0;
        Arrays.fill(flushed, 0);
        groupEnded = true;
    }
}
