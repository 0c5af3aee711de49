// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.client.Time.Alarm;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Ends calls whose time is up, without an alarm for each: most calls have the same patience, so the alarm that is
/// set for one of them is early enough for those that come after it. Thread-safe.
final class Deadlines {
    private static final long NEVER = Long.MAX_VALUE;

    private final Time time;
    private final LongUnaryOperator sweep;

    private volatile long next = NEVER;
    private @Nullable Alarm alarm;

    /// Watches.
    ///
    /// @param sweep ends the calls whose deadline is not after its argument, and returns the earliest deadline of
    ///     the others, `Long.MAX_VALUE` when there is none
    Deadlines(Time time, LongUnaryOperator sweep) {
        this.time = time;
        this.sweep = sweep;
    }

    /// There is a call with this deadline, which a sweep would find.
    void watch(long deadline) {
        if (next == NEVER ? deadline != NEVER : deadline - next < 0) {
            set(deadline);
        }
    }

    private synchronized void set(long deadline) {
        if (next != NEVER && deadline - next >= 0) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
        }
        next = deadline;
        alarm = time.after(Math.max(0, deadline - time.now()), this::rang);
    }

    /// The mark is taken away before looking: who comes after the look finds none, and sets an alarm.
    private void rang() {
        synchronized (this) {
            next = NEVER;
            alarm = null;
        }
        long earliest = sweep.applyAsLong(time.now());
        if (earliest != NEVER) {
            set(earliest);
        }
    }
}
