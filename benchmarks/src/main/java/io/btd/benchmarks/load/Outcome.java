// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/// What all rounds of one subject have shown.
///
/// @param rounds in order; the same index is the same round in every outcome
/// @param failure why it was given up; its rounds are not to be used then
public record Outcome(Case what, List<Round> rounds, Optional<String> failure) {

    /// Keeps a copy of the list.
    public Outcome {
        rounds = List.copyOf(rounds);
    }

    /// Whether there is something to report.
    public boolean usable() {
        return failure.isEmpty() && !rounds.isEmpty();
    }

    /// The latencies of all rounds.
    public Histogram latencies() {
        Histogram all = Slice.histogram();
        rounds.forEach(round -> all.add(round.latencies()));
        return all;
    }

    /// The latency that so many percent of the operations do not exceed, in microseconds.
    public double micros(double percentile) {
        return latencies().getValueAtPercentile(percentile) / 1e3;
    }

    /// Operations of all rounds.
    public long operations() {
        return sum(Round::operations);
    }

    /// Operations per second of wall-clock time, over all rounds.
    public double perSecond() {
        return operations() * 1e9 / sum(Round::elapsed);
    }

    /// CPU time of the measuring process for an operation, in microseconds.
    public double clientCpuMicros() {
        return sum(Round::clientCpu) / 1e3 / operations();
    }

    /// CPU time of the server for an operation, in microseconds.
    public double serverCpuMicros() {
        return sum(Round::serverCpu) / 1e3 / operations();
    }

    private long sum(ToLongFunction<Round> part) {
        return rounds.stream().mapToLong(part).sum();
    }
}
