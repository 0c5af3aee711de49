// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.Arrays;

/// What a session holds, as wire.md ("Holding") says it is remembered: blocks and how many bytes were asked for.
/// Not thread-safe: the session's lock guards it.
///
/// An open-addressed table of two arrays of longs, 16 bytes a place and at most two thirds full: a client may hold
/// millions. Beside the size a block's state is kept:
///
/// ```
/// HELD     from the answer that gave it                          declared; lost with the session
/// SHARED   an answer said that it may have been published        declared; not lost with the session
/// LEAVING  a request is on its way that may free it              not declared; lost with the session
/// ```
final class Holdings {
    private static final long SHARED = 1L << 62;
    private static final long LEAVING = 1L << 63;
    private static final long SIZE = SHARED - 1;
    private static final int SMALLEST = 16;

    private long[] blocks = new long[SMALLEST];
    private long[] states = new long[SMALLEST];
    private int count;

    /// Told of blocks and their sizes.
    interface Consumer {
        /// A block and how many bytes were asked for.
        void accept(long block, long size);
    }

    /// It is held.
    ///
    /// @param size in bytes, as far as known
    void add(long block, long size) {
        if (block == 0) {
            return;
        }
        int at = find(block);
        if (blocks[at] == 0) {
            if ((count + 1) * 3L > blocks.length * 2L) {
                grow();
                at = find(block);
            }
            blocks[at] = block;
            count++;
        }
        states[at] = size & SIZE;
    }

    /// It is not held any more. A block that is not held is no error here, nor below.
    void remove(long block) {
        int hole = find(block);
        if (block == 0 || blocks[hole] == 0) {
            return;
        }
        count--;
        int mask = blocks.length - 1;
        for (int at = hole + 1 & mask; blocks[at] != 0; at = at + 1 & mask) {
            int home = home(blocks[at]);
            if ((at - home & mask) >= (at - hole & mask)) {
                blocks[hole] = blocks[at];
                states[hole] = states[at];
                hole = at;
            }
        }
        blocks[hole] = 0;
    }

    /// A request was sent that frees it, perhaps.
    void leave(long block) {
        mark(block, LEAVING, true);
    }

    /// That request was refused.
    void stay(long block) {
        mark(block, LEAVING, false);
    }

    /// It may have been published.
    void share(long block) {
        mark(block, SHARED, true);
    }

    private void mark(long block, long bit, boolean set) {
        int at = find(block);
        if (block != 0 && blocks[at] != 0) {
            states[at] = set ? states[at] | bit : states[at] & ~bit;
        }
    }

    /// Whether it is remembered, in whatever state.
    boolean has(long block) {
        return block != 0 && blocks[find(block)] != 0;
    }

    int count() {
        return count;
    }

    /// Nobody will know what became of the requests on their way: forgets the blocks that were leaving.
    void settleLeaving() {
        for (long block : snapshot()) {
            if ((states[find(block)] & LEAVING) != 0) {
                remove(block);
            }
        }
    }

    /// What is to be declared.
    long[] declared() {
        long[] some = new long[count];
        int found = 0;
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != 0 && (states[i] & LEAVING) == 0) {
                some[found++] = blocks[i];
            }
        }
        return Arrays.copyOf(some, found);
    }

    /// Forgets everything and tells `lost` of what nothing but the session kept alive.
    void loseAll(Consumer lost) {
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != 0 && (states[i] & SHARED) == 0) {
                lost.accept(blocks[i], states[i] & SIZE);
            }
        }
        blocks = new long[SMALLEST];
        states = new long[SMALLEST];
        count = 0;
    }

    /// Forgets a block and tells `lost` of it, if it was held.
    void lose(long block, Consumer lost) {
        if (has(block)) {
            long size = states[find(block)] & SIZE;
            remove(block);
            lost.accept(block, size);
        }
    }

    private long[] snapshot() {
        return Arrays.stream(blocks).filter(block -> block != 0).toArray();
    }

    /// The place of a block, or the empty one where it would go.
    private int find(long block) {
        int mask = blocks.length - 1;
        int at = home(block);
        while (blocks[at] != 0 && blocks[at] != block) {
            at = at + 1 & mask;
        }
        return at;
    }

    private int home(long block) {
        long hash = block * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32) & blocks.length - 1;
    }

    private void grow() {
        long[] oldBlocks = blocks;
        long[] oldStates = states;
        blocks = new long[oldBlocks.length * 2];
        states = new long[oldBlocks.length * 2];
        for (int i = 0; i < oldBlocks.length; i++) {
            if (oldBlocks[i] != 0) {
                int at = find(oldBlocks[i]);
                blocks[at] = oldBlocks[i];
                states[at] = oldStates[i];
            }
        }
    }
}
