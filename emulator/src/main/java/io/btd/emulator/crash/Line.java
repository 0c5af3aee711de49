// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.Arrays;

/// The stores to one 64-byte line that are not durable yet, in order, in groups: any prefix of the groups
/// may have reached the medium, and any part of the group after them. An ordered store is a group of its
/// own; a write-back ends a group.
///
/// ```
/// durable | a b | c | d e |          c ordered: {} {a} {b} {a b} {a b c} {a b c d} {a b c e} {a b c d e}
///           ^^^^^^^         flushed: becomes durable at the next fence
/// ```
final class Line {
    static final int THREADS = 3;

    final int number;
    private int[] words = new int[8];
    private long[] values = new long[8];
    private int[] groups = new int[8];
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

    /// The group of a store; counted from 0.
    int group(int i) {
        return groups[i];
    }

    int groupCount() {
        return size == 0 ? 0 : groups[size - 1] + 1;
    }

    int groupSize(int group) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += groups[i] == group ? 1 : 0;
        }
        return count;
    }

    void store(int word, long value, boolean ordered) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size * 2);
            values = Arrays.copyOf(values, size * 2);
            groups = Arrays.copyOf(groups, size * 2);
        }
        words[size] = word;
        values[size] = value;
        groups[size] = size == 0 ? 0 : groups[size - 1] + (ordered || groupEnded ? 1 : 0);
        size++;
        groupEnded = ordered;
    }

    void writeBack(int thread) {
        flushed[thread] = size;
        groupEnded = true;
    }

    /// Forgets the stores a thread had on their way; those behind them stay pending.
    void arrived(int thread) {
        int gone = flushed[thread];
        int left = size - gone;
        int base = left == 0 ? 0 : groups[gone];
        for (int i = 0; i < left; i++) {
            words[i] = words[gone + i];
            values[i] = values[gone + i];
            groups[i] = groups[gone + i] - base;
        }
        size = left;
        for (int other = 0; other < THREADS; other++) {
            flushed[other] = Math.max(0, flushed[other] - gone);
        }
        groupEnded |= left == 0;
    }

    void clear() {
        size = 0;
        Arrays.fill(flushed, 0);
        groupEnded = true;
    }
}
