// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.io.Console;
import java.util.Optional;

/// One line on the terminal that is written over; nothing where there is no terminal.
final class Progress {
    private static final String CLEAR = "\r\033[K";

    private final boolean terminal;

    Progress() {
        Console console = System.console();
        terminal = Optional.ofNullable(console).map(Console::isTerminal).orElse(false);
    }

    void show(String what) {
        if (terminal) {
            System.err.print(CLEAR + what);
            System.err.flush();
        }
    }

    void clear() {
        show("");
    }
}
