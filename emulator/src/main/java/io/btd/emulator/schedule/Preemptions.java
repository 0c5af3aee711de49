// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every schedule of some programs in which a thread that could go on is stopped so many times: each thread begins
/// once, and each point of a schedule with one preemption fewer is tried, with each thread that could
/// go on instead. A point at which no other can go on changes nothing. Most races need one or two (Musuvathi and
/// Qadeer, PLDI 2007).
///
/// ```text
/// for (Policy next = all.next(); next != null; next = all.next()) all.ran(scheduler.run(programs, next));
/// ```
///
/// Not thread-safe.
public final class Preemptions {
    private final int threads;
    private final int preemptions;
    private final int[] at;
    private final int[] to;
    private int first;
    private int length;
    private boolean begun;

    /// @param preemptions exactly so many
    public Preemptions(int threads, int preemptions) {
        this.threads = threads;
        this.preemptions = preemptions;
        at = new int[preemptions];
        to = new int[preemptions];
        for (int i = 0; i < preemptions; i++) {
            at[i] = i + 1;
        }
    }

    /// The next schedule; null when there is no other.
    public @Nullable Policy next() {
        if (begun && !advance()) {
            return null;
        }
        begun = true;
        List<Outcome.Switch> switches = new ArrayList<>();
        for (int i = 0; i < preemptions; i++) {
            switches.add(new Outcome.Switch(at[i], to[i], ""));
        }
        return Policy.stopping(first, switches);
    }

    /// Says how long the schedule was that [#next] returned.
    public void ran(Outcome outcome) {
        length = outcome.steps();
    }

    private boolean advance() {
        for (int i = preemptions - 1; i >= 0; i--) {
            if (++to[i] < threads - 1) {
                resetBehind(i);
                return true;
            }
            to[i] = 0;
            if (++at[i] <= length - (preemptions - 1 - i)) {
                resetBehind(i);
                return true;
            }
        }
        resetBehind(-1);
        return ++first < threads;
    }

    private void resetBehind(int position) {
        for (int i = position + 1; i < preemptions; i++) {
            at[i] = i == 0 ? 1 : at[i - 1] + 1;
            to[i] = 0;
        }
    }
}
