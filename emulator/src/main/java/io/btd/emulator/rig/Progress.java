// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import java.io.PrintStream;
import java.util.Locale;

/// Says how far the rig is: a line on standard error at a time, so that the output is the guest's alone.
final class Progress {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream err;
    private final long start = System.nanoTime();

    Progress(PrintStream err) {
        this.err = err;
    }

    /// The same with its clock at 0.
    Progress restarted() {
        return new Progress(err);
    }

    void say(String what) {
        err.println("rig: " + what);
        err.flush();
    }

    /// Seconds since the start.
    double seconds() {
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }

    /// Says what is done, and when.
    void sayDone(String what) {
        say(String.format(Locale.ROOT, "%s after %.1f s", what, seconds()));
    }
}
