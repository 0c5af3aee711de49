// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdException.NodeDown;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A process that was started, until it says in its [ProcessMark] that it serves.
///
/// @param place whose
/// @param process the child
/// @param since when it was started, as of [System#nanoTime]
record Starting(ClusterFolder.Place place, Process process, long since) {
    private static final long LOOK_MILLIS = 10;
    private static final int TAIL_LINES = 15;

    /// Returns when it serves.
    ///
    /// @throws NodeDown when it ended before, or does not serve within the deadline; the end of what it said has
    ///     been printed
    ProcessMark await(Duration deadline, PrintWriter err) {
        while (true) {
            boolean ended = ended();
            Optional<ProcessMark> mark = ProcessMark.read(place.folder())
                    .filter(read -> read.ready() && read.process().pid() == process.pid());
            if (mark.isPresent() && !ended) {
                return mark.get();
            }
            if (ended) {
                printTail(err);
                throw new NodeDown(
                        0,
                        "a process ended before it was ready: process=" + place.name() + ", exit="
                                + Launch.meaning(process.exitValue()) + ", log=" + place.log(),
                        "see what it said; btd cluster up tries again");
            }
            if (System.nanoTime() - since > deadline.toNanos()) {
                printTail(err);
                throw new NodeDown(
                        0,
                        "a process is not ready yet: process=" + place.name() + ", pid=" + process.pid() + ", waited="
                                + deadline.toMillis() + " ms, log=" + place.log(),
                        "see what it says; btd cluster status shows when it is, btd cluster down ends it");
            }
        }
    }

    private boolean ended() {
        try {
            return process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NodeDown(
                    0,
                    "interrupted while a process starts: process=" + place.name() + ", pid=" + process.pid(),
                    "btd cluster status shows whether it is ready");
        }
    }

    private void printTail(PrintWriter err) {
        for (Path file : List.of(place.log(), place.console())) {
            try {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                List<String> lines = text.lines().toList();
                lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())
                        .forEach(line -> err.println(place.name() + ": " + line));
            } catch (IOException silent) {
                // it has said nothing there
            }
        }
        err.flush();
    }
}
