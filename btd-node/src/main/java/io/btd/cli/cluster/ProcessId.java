// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One process for all time: a number alone is given to another process sooner or later.
///
/// @param pid its number
/// @param start when it was started, in clock ticks since the machine was
/// @param boot which run of the machine that was
record ProcessId(long pid, long start, String boot) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// Of the fields behind the name in `/proc/PID/stat`, which is in parentheses and may hold anything: the state
    /// is the first (3 in proc(5)), the time of the start the twentieth (22).
    private static final int STATE = 0;

    private static final int START = 19;

    /// This process.
    static ProcessId own() {
        return of(ProcessHandle.current().pid()).orElseThrow();
    }

    /// The process that has this number now; empty when there is none, or only what is left of one that nobody
    /// waited for.
    static Optional<ProcessId> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean over = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return over
                    ? Optional.empty()
                    : Optional.of(new ProcessId(pid, Long.parseLong(fields[START]), currentBoot()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static String currentBoot() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }

    /// Whether it still runs.
    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /// Asks it to end (SIGTERM).
    void terminate() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /// Ends it (SIGKILL).
    void kill() {
        handle().ifPresent(ProcessHandle::destroyForcibly);
    }

    private Optional<ProcessHandle> handle() {
        // The handle knows the start, too, and does not signal another process.
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return isAlive() ? handle : Optional.empty();
    }
}
