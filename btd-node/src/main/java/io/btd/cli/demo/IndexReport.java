// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdException;
import io.btd.api.RecoveryReport;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// What a run of `btd demo index` shows. Acknowledgements and the summary go to standard output, all else
/// to standard error; a progress bar only to a terminal.
final class IndexReport implements IndexObserver, AutoCloseable {
    private static final byte[] ACKNOWLEDGED = "indexed ".getBytes(StandardCharsets.US_ASCII);

    private final PrintStream out;
    private final boolean ack;
    private final boolean json;
    private @Nullable ProgressBar bar;

    IndexReport(PrintStream out, boolean ack, boolean json) {
        this.out = out;
        this.ack = ack;
        this.json = json;
    }

    /// Says what came back, if the last run did not end well.
    void recovered(RecoveryReport report) {
        if (!report.clean()) {
            System.err.printf(
                    "recovered after a crash: %d blocks (%d bytes) survived, %d blocks (%d bytes) reclaimed%n",
                    report.survivingBlocks(),
                    report.survivingBytes(),
                    report.reclaimedBlocks(),
                    report.reclaimedBytes());
        }
    }

    @Override
    public void started(int files) {
        boolean terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        if (terminal && !ack && !json) {
            bar = new ProgressBarBuilder()
                    .setTaskName("indexing")
                    .setInitialMax(files)
                    .setUnit(" files", 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setMaxRenderedLength(80)
                    .build();
        }
    }

    @Override
    public void visited() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void indexed(RawPath path) {
        if (ack) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            line.writeBytes(ACKNOWLEDGED);
            line.writeBytes(path.bytes());
            line.write('\n');
            out.write(line.toByteArray(), 0, line.size());
            out.flush();
        }
    }

    @Override
    public void waiting(BtdException why) {
        System.err.println("going on: " + why.code() + ": " + why.getMessage());
    }

    @Override
    public void skipped(String what) {
        System.err.println("left out, unreadable: file=" + what);
    }

    /// Prints the last line; beside acknowledgements it goes to standard error, so that those stay alone.
    void finished(IndexSummary summary) {
        close();
        (ack && !json ? System.err : out).println(json ? summary.json() : summary.text());
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
