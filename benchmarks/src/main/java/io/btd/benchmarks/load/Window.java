// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// A sliding window: keeps up to `depth` operations on their way. One thread, the owner, starts them; any
/// thread ends them. The owner is woken when half of those on their way have ended, not for each, so that
/// waking it does not become what is measured; an operation's latency ends when its answer comes all the same.
///
/// Slots that ended go back to the owner through a ring. It never overflows: a slot is in it at most once.
public final class Window {
    private static final long NOBODY_WAITS = Long.MAX_VALUE;
    private static final long LONGEST_WAIT_NANOS = 30_000_000_000L;

    private final long[] starts;
    private final long[] ends;
    private final int[] free;
    private final AtomicIntegerArray ring;
    private final AtomicLong tail = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread owner = Thread.currentThread();
    private volatile long wanted = NOBODY_WAITS;
    private long head;
    private int frees;

    /// A window of the calling thread.
    ///
    /// @param depth a power of two
    public Window(int depth) {
        starts = new long[depth];
        ends = new long[depth];
        free = new int[depth];
        ring = new AtomicIntegerArray(depth);
        for (int slot = 0; slot < depth; slot++) {
            free[frees++] = slot;
        }
    }

    /// Keeps the window full until the slice is over, then empties it.
    ///
    /// @throws IOException when an operation failed, or none ended for 30 s
    public void run(Starter starter, Slice slice) throws IOException {
        Histogram recorded = Slice.histogram();
        slice.start();
        long until = slice.until();
        long now = until - 1;
        while (now - until < 0 || frees < free.length) {
            if (now - until < 0) {
                while (frees > 0) {
                    int slot = free[--frees];
                    starts[slot] = System.nanoTime();
                    starter.start(slot, this);
                }
                starter.flush();
            }
            await(Math.max(1, (free.length - frees) / 2));
            drain(recorded);
            now = System.nanoTime();
        }
        slice.add(recorded, now);
    }

    /// An operation has ended. Any thread.
    public void ended(int slot) {
        ends[slot] = System.nanoTime();
        long at = tail.getAndIncrement();
        ring.set((int) (at & (ring.length() - 1)), slot + 1);
        if (at + 1 == wanted) {
            LockSupport.unpark(owner);
        }
    }

    /// An operation has failed; the run ends. Any thread.
    public void failed(Throwable reason) {
        failure.compareAndSet(null, reason);
        LockSupport.unpark(owner);
    }

    /// Waits until `count` slots are in the ring.
    private void await(int count) throws IOException {
        wanted = head + count;
        // The other side counts first and looks at `wanted` then: one of the two sees the other.
        long since = System.nanoTime();
        while (tail.get() < wanted) {
            Throwable reason = failure.get();
            if (reason != null) {
                throw new IOException(String.valueOf(reason.getMessage()), reason);
            }
            if (System.nanoTime() - since > LONGEST_WAIT_NANOS || Thread.interrupted()) {
                throw new IOException("no answer: on their way=" + (free.length - frees) + "; see the server's log");
            }
            LockSupport.parkNanos(this, LONGEST_WAIT_NANOS);
        }
        wanted = NOBODY_WAITS;
    }

    private void drain(Histogram recorded) {
        for (long end = tail.get(); head < end; head++) {
            int at = (int) (head & (ring.length() - 1));
            int slot;
            while ((slot = ring.get(at)) == 0) {
                Thread.onSpinWait(); // counted, and about to be put in
            }
            ring.set(at, 0);
            slot--;
            Slice.record(recorded, ends[slot] - starts[slot], 1);
            free[frees++] = slot;
        }
    }
}
