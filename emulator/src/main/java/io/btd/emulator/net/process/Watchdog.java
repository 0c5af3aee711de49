// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.process;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A shell beside this process that outlives it by a moment: when this process ends, however it does, the shell kills
/// every process on its list and removes a folder. It learns of the end because its input does. Thread-safe.
public final class Watchdog implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    /// Reads `+ pid` and `- pid` until the end of its input. Does not die with the terminal's foreground.
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            pids=
            while read -r what pid; do
              case $what in
                +) pids="$pids $pid" ;;
                -) rest=
                   for p in $pids; do [ "$p" = "$pid" ] || rest="$rest $p"; done
                   pids=$rest ;;
              esac
            done
            for p in $pids; do kill -9 "$p"; done 2>/dev/null
            rm -rf -- "$1"
            """;

    private final Process shell;
    private final BufferedWriter list;

    /// @param folder that is removed at the end
    public Watchdog(Path folder) {
        try {
            shell = new ProcessBuilder(List.of("sh", "-c", SCRIPT, "watchdog", folder.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a shell", e);
        }
        list = shell.outputWriter();
    }

    public long pid() {
        return shell.pid();
    }

    /// This process is to end with us.
    public void add(long pid) {
        say("+ " + pid);
    }

    /// It has ended: its number may be another's soon.
    public void remove(long pid) {
        say("- " + pid);
    }

    private synchronized void say(String line) {
        try {
            list.write(line);
            list.newLine();
            list.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the watchdog is gone: pid=" + shell.pid(), e);
        }
    }

    /// Kills what is on the list, removes the folder, and waits until both are done.
    @Override
    public synchronized void close() {
        try {
            list.close();
            if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the watchdog does not end: pid=" + shell.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
