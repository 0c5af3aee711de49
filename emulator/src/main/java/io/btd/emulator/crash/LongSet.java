// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

/// Hashes that were seen before: open addressing, grows, never shrinks. Not thread-safe.
final class LongSet {
    private long[] slots = new long[1 << 12];
    private int size;

    /// Adds a hash; says whether it is new.
    boolean add(long hash) {
        long key = hash == 0 ? 1 : hash;
        if (size * 2 >= slots.length) {
            grow();
        }
        if (!put(slots, key)) {
            return false;
        }
        size++;
        return true;
    }

    int size() {
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

    private static boolean put(long[] slots, long key) {
        int mask = slots.length - 1;
        int at = (int) ImageHash.mix(key) & mask;
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
