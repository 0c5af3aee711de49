// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

/// How long is measured.
///
/// @param warmUpNanos of each subject before the first round; nothing of it counts
/// @param rounds how often each subject has its turn
/// @param sliceNanos how long a turn is
/// @param seed of the order within each round
public record Plan(long warmUpNanos, int rounds, long sliceNanos, long seed) {
    private static final long SECOND = 1_000_000_000L;
    private static final int ROUNDS = 10;
    private static final int QUICK_ROUNDS = 3;

    /// For figures: ten rounds that sum up to `seconds` for each subject.
    public static Plan of(double seconds, long seed) {
        return new Plan(SECOND, ROUNDS, (long) (seconds * SECOND / ROUNDS), seed);
    }

    /// To see that it works: three short rounds.
    public static Plan quick(double seconds, long seed) {
        return new Plan(SECOND / 5, QUICK_ROUNDS, (long) (seconds * SECOND / QUICK_ROUNDS), seed);
    }

    /// How long all of it takes at least, in seconds.
    public double seconds(int subjects) {
        return subjects * (warmUpNanos + (double) rounds * sliceNanos) / SECOND;
    }
}
