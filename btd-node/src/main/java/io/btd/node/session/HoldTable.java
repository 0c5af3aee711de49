// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

/// Which sessions hold which blocks, for one stripe of the blocks: a hash table of pairs (block, hold) with linear
/// probing; a block that several sessions hold has several entries. Not thread-safe: its stripe's lock is held.
///
/// ```
/// key    pointer of the block, 0 for a free place
/// hold   index of the session:16 | limbo:1 | tag:47
/// ```
///
/// No entry lies behind a free place that its probing would pass: removing one moves up those behind it.
final class HoldTable {
    private static final int FEWEST = 16;
    static final long TAG = (1L << 47) - 1;
    static final long LIMBO = 1L << 47;

    private long[] keys = new long[FEWEST];
    private long[] holds = new long[FEWEST];
    private int size;

    static long hold(int session, long tag) {
        return (long) session << 48 | tag & TAG;
    }

    static int session(long hold) {
        return (int) (hold >>> 48);
    }

    static boolean inLimbo(long hold) {
        return (hold & LIMBO) != 0;
    }

    int size() {
        return size;
    }

    /// The first place of a block, or -1.
    int first(long block) {
        return search(block, home(block));
    }

    /// The place of the block behind this one, or -1.
    int next(int place) {
        return search(keys[place], place + 1 & keys.length - 1);
    }

    private int search(long block, int from) {
        for (int place = from; keys[place] != 0; place = place + 1 & keys.length - 1) {
            if (keys[place] == block) {
                return place;
            }
        }
        return -1;
    }

    /// The place where a session holds a block, or -1.
    int find(long block, int session) {
        int place = first(block);
        while (place >= 0 && session(holds[place]) != session) {
            place = next(place);
        }
        return place;
    }

    long holdAt(int place) {
        return holds[place];
    }

    void setHold(int place, long hold) {
        holds[place] = hold;
    }

    /// Adds an entry; places change.
    void add(long block, long hold) {
        if (size >= keys.length / 2) {
            resize(keys.length * 2);
        }
        place(block, hold);
        size++;
    }

    private void place(long block, long hold) {
        int place = home(block);
        while (keys[place] != 0) {
            place = place + 1 & keys.length - 1;
        }
        keys[place] = block;
        holds[place] = hold;
    }

    /// Removes the entry at a place; places change.
    void remove(int place) {
        int mask = keys.length - 1;
        int hole = place;
        for (int at = place + 1 & mask; keys[at] != 0; at = at + 1 & mask) {
            int way = at - home(keys[at]) & mask;
            if (way >= (at - hole & mask)) {
                keys[hole] = keys[at];
                holds[hole] = holds[at];
                hole = at;
            }
        }
        keys[hole] = 0;
        size--;
        if (keys.length > FEWEST && size < keys.length / 8) {
            resize(keys.length / 2);
        }
    }

    /// The blocks a session holds, or of those only the ones in limbo.
    long[] blocksOf(int session, boolean onlyLimbo) {
        long[] blocks = new long[FEWEST];
        int count = 0;
        for (int place = 0; place < keys.length; place++) {
            boolean asked =
                    keys[place] != 0 && session(holds[place]) == session && (!onlyLimbo || inLimbo(holds[place]));
            if (asked) {
                if (count == blocks.length) {
                    blocks = java.util.Arrays.copyOf(blocks, 2 * count);
                }
                blocks[count++] = keys[place];
            }
        }
        return java.util.Arrays.copyOf(blocks, count);
    }

    private void resize(int places) {
        long[] oldKeys = keys;
        long[] oldHolds = holds;
        keys = new long[places];
        holds = new long[places];
        for (int place = 0; place < oldKeys.length; place++) {
            if (oldKeys[place] != 0) {
                place(oldKeys[place], oldHolds[place]);
            }
        }
    }

    private int home(long block) {
        return (int) (block * 0x9E3779B97F4A7C15L >>> 32) & keys.length - 1;
    }
}
