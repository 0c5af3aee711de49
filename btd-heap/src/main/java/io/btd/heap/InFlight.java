// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.pmem.Interleaving;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// Ranges that an unretired redo record may still write to. A free waits until none of them touches its
/// block: so a record that is replayed after a crash never overwrites a block's next life.
///
/// Announcing and freeing are a Dekker pair: the writer announces, then checks that the block is live; the
/// free makes it not live, then looks for announcements. At least one sees the other. Thread-safe.
public final class InFlight {
    private static final int SLOTS = 64;
    private static final int PADDED = 8;
    private static final long PAUSE_NANOS = 5_000;

    private final AtomicLongArray from = new AtomicLongArray(SLOTS * PADDED);
    private final AtomicLongArray to = new AtomicLongArray(SLOTS * PADDED);
    private final AtomicInteger active = new AtomicInteger();

    InFlight() {}

    /// Announces `[offset, offset + bytes)` in a slot of the caller's, 0..63; check for liveness afterwards.
    public void begin(int slot, long offset, long bytes) {
        Interleaving.point();
        active.incrementAndGet();
        Interleaving.point();
        to.set(slot * PADDED, offset + bytes);
        Interleaving.point();
        from.set(slot * PADDED, offset);
    }

    /// Ends it: the record is durably retired, or was never written.
    public void end(int slot) {
        Interleaving.point();
        to.set(slot * PADDED, 0);
        from.set(slot * PADDED, 0);
        active.decrementAndGet();
    }

    /// Returns when nothing announced touches the range.
    void awaitNone(long offset, long bytes) {
        Interleaving.point();
        if (active.get() == 0) {
            return;
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            while (to.get(slot * PADDED) > offset && from.get(slot * PADDED) < offset + bytes) {
                Interleaving.pause(PAUSE_NANOS);
            }
        }
    }
}
