// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a schedule came to.
///
/// @param wrong why it did not end, or what a program threw; null when every program returned
/// @param steps how many scheduling points were passed
/// @param first the thread that began
/// @param switches from thread to thread, in order; with `first` they lead there again
public record Outcome(@Nullable String wrong, int steps, int first, List<Switch> switches) {

    /// One switch.
    ///
    /// @param step how many points had been passed, this one included
    /// @param to the thread that went on
    /// @param where what the thread that stopped was about to do; empty unless the scheduler explains
    public record Switch(int step, int to, String where) {}

    /// The policy that repeats this schedule.
    public Policy again() {
        return Policy.exactly(first, switches);
    }
}
