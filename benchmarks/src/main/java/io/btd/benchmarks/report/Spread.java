// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import java.util.Arrays;

/// The middle and the ends of some numbers.
///
/// @param median the mean of the two middle ones where there is an even number of them
record Spread(double median, double least, double most) {

    /// Of at least one number.
    static Spread of(double... numbers) {
        if (numbers.length == 0) {
            throw new IllegalArgumentException("nothing to take the middle of");
        }
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}
