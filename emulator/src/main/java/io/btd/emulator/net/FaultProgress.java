// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net;

import io.btd.emulator.net.fault.FaultRun;
import java.io.Console;
import java.util.Optional;

/// How far the runs are: one line on the terminal that is written over; nothing where there is no terminal.
final class FaultProgress implements AutoCloseable {
    private static final String CLEAR = "\r\033[K";

    private final boolean terminal;
    private final int runs;
    private int played;

    FaultProgress(int runs) {
        this.runs = runs;
        Console console = System.console();
        terminal = Optional.ofNullable(console).map(Console::isTerminal).orElse(false);
    }

    /// One more has been.
    void played(FaultRun.Result result) {
        played++;
        show("%,d of %,d runs, the last: %,d calls answered, %,d refused, %,d unknown"
                .formatted(played, runs, result.made(), result.refused(), result.unknown()));
    }

    private void show(String what) {
        if (terminal) {
            System.err.print(CLEAR + what);
            System.err.flush();
        }
    }

    @Override
    public void close() {
        show("");
    }
}
