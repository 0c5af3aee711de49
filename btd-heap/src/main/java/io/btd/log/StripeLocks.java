// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import io.btd.pmem.Interleaving;
import java.util.concurrent.atomic.AtomicLongArray;

/// Striped versioned locks over the arena, as in TL2 (Dice, Shalev, Shavit, DISC 2006): *rebuilt*. A stripe
/// covers every 256-byte granule that hashes to it; the word is even while unlocked and grows by two with
/// every change. Thread-safe, not re-entrant; a range's stripes are taken in ascending order.
public final class StripeLocks {
    private static final int STRIPES = 1024;
    private static final int GRANULE_SHIFT = 8;
    private static final int SPINS = 200;

    private final AtomicLongArray words = new AtomicLongArray(STRIPES);

    /// The stripes of no range are locked.
    public StripeLocks() {}

    private static int first(long offset) {
        return (int) (offset >>> GRANULE_SHIFT) & STRIPES - 1;
    }

    private static int count(long offset, long bytes) {
        long granules = (offset + Math.max(1, bytes) - 1 >>> GRANULE_SHIFT) - (offset >>> GRANULE_SHIFT) + 1;
        return (int) Math.min(STRIPES, granules);
    }

    /// Locks the stripes of a range; waits for other holders.
    void lock(long offset, long bytes) {
        int first = first(offset);
        int count = count(offset, bytes);
        int wrapped = Math.max(0, first + count - STRIPES);
        for (int stripe = 0; stripe < wrapped; stripe++) {
            lockOne(stripe);
        }
        for (int stripe = first; stripe < first + count - wrapped; stripe++) {
            lockOne(stripe);
        }
    }

    /// Unlocks the stripes of a range.
    void unlock(long offset, long bytes) {
        Interleaving.point();
        int first = first(offset);
        int count = count(offset, bytes);
        for (int i = 0; i < count; i++) {
            int stripe = first + i & STRIPES - 1;
            words.set(stripe, words.get(stripe) + 1);
        }
    }

    /// Locks the stripes of two ranges.
    void lock(long offset, long otherOffset, long bytes) {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            if (covers(stripe, offset, bytes) || covers(stripe, otherOffset, bytes)) {
                lockOne(stripe);
            }
        }
    }

    /// Unlocks the stripes of two ranges.
    void unlock(long offset, long otherOffset, long bytes) {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            if (covers(stripe, offset, bytes) || covers(stripe, otherOffset, bytes)) {
                words.set(stripe, words.get(stripe) + 1);
            }
        }
    }

    private static boolean covers(int stripe, long offset, long bytes) {
        return (stripe - first(offset) & STRIPES - 1) < count(offset, bytes);
    }

    private void lockOne(int stripe) {
        for (int spins = 0; ; spins++) {
            Interleaving.point();
            long word = words.get(stripe);
            if ((word & 1) == 0 && words.compareAndSet(stripe, word, word + 1)) {
                return;
            }
            if (spins < SPINS) {
                Interleaving.spin();
            } else {
                Interleaving.pause(20_000);
            }
        }
    }

    /// The sum of the versions of a range's stripes, or -1 while one is locked: unchanged means that
    /// nothing in the range was changed in between.
    long version(long offset, long bytes) {
        Interleaving.point();
        int first = first(offset);
        int count = count(offset, bytes);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long word = words.get(first + i & STRIPES - 1);
            if ((word & 1) != 0) {
                return -1;
            }
            sum += word;
        }
        return sum;
    }
}
