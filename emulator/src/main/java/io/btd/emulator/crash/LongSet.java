// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

/// Hashes that were seen before: open addressing, grows, never shrinks. Thread-safe.
public final class LongSet {
    private static final int STRIPES = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /// An empty set.
    public LongSet() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /// Adds a hash; says whether it is new.
    public boolean add(long hash) {
        return stripes[(int) (hash >>> 58)].add(hash == 0 ? 1 : hash);
    }

    /// How many there are.
    public long size() {
        long size = 0;
        for (Stripe stripe : stripes) {
            size += stripe.size();
        }
        return size;
    }

    private static final class Stripe {
        private long[] slots = new long[1 << 8];
        private int size;

        synchronized boolean add(long key) {
            if (size * 2 >= slots.length) {
                grow();
            }
            if (!put(slots, key)) {
                return false;
            }
            size++;
            return true;
        }

        synchronized int size() {
            return size;
        }

        private void grow() {
            long[] larger = new long[slots.length * 2];
            for (long key : slots) {
                if (key != 0) {
                    put(larger, key);
                }
            }
            slots = larger;
        }

        /// Keys are hashes themselves; their upper bits chose the stripe.
        private static boolean put(long[] slots, long key) {
            int mask = slots.length - 1;
            int at = (int) key & mask;
            while (slots[at] != 0) {
                if (slots[at] == key) {
                    return false;
                }
                at = at + 1 & mask;
            }
            slots[at] = key;
            return true;
        }
    }
}
