// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import org.HdrHistogram.Histogram;

/// What one slice of one subject has shown.
///
/// @param latencies in nanoseconds, one for each operation
/// @param elapsed wall-clock time in nanoseconds
/// @param clientCpu CPU time of this whole process, in nanoseconds
/// @param serverCpu CPU time of the server's process, in nanoseconds; the system counts it in steps of 10 ms
public record Round(Histogram latencies, long elapsed, long clientCpu, long serverCpu) {

    /// How many operations ended.
    public long operations() {
        return latencies.getTotalCount();
    }

    /// Operations per second of wall-clock time.
    public double perSecond() {
        return operations() * 1e9 / elapsed;
    }
}
