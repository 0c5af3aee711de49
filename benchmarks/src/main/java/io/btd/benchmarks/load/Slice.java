// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import org.HdrHistogram.Histogram;

/// A stretch of time in which one subject is measured, and the latencies seen in it, in nanoseconds. Closed
/// loop: while a call is late no other is made, so a stall counts for those calls only that were on their way
/// (coordinated omission). Threads record into histograms of their own and hand them over at the end.
///
/// Thread-safe, except for what [#latencies] returns.
public final class Slice {
    private static final long LOWEST_NANOS = 100;
    private static final long HIGHEST_NANOS = 100_000_000_000L;
    private static final int DIGITS = 2; // to one percent; hundreds of histograms are kept

    private final long nanos;
    private final Histogram latencies = histogram();
    private long started;
    private long ended;

    /// A slice that lasts `nanos` from [#start] on.
    public Slice(long nanos) {
        this.nanos = nanos;
    }

    /// An empty histogram for latencies; one thread uses it.
    public static Histogram histogram() {
        return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
    }

    /// Adds `count` operations that took `nanos` each.
    public static void record(Histogram into, long nanos, long count) {
        into.recordValueWithCount(Math.clamp(nanos, 0, HIGHEST_NANOS), count);
    }

    /// Begins now. Comes before everything else.
    public synchronized void start() {
        started = System.nanoTime();
        ended = started;
    }

    /// When to make no more calls, in [System#nanoTime]'s terms.
    public synchronized long until() {
        return started + nanos;
    }

    /// Takes what one thread has recorded, whose last call ended at `end` (in [System#nanoTime]'s terms).
    public synchronized void add(Histogram recorded, long end) {
        latencies.add(recorded);
        ended = end - ended > 0 ? end : ended;
    }

    /// What was recorded.
    public Histogram latencies() {
        return latencies;
    }

    /// From the start to the end of the last call, in nanoseconds.
    public synchronized long elapsed() {
        return ended - started;
    }
}
