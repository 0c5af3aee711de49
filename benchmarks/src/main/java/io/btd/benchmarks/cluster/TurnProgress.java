// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.RoundsObserver;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Says how far a run is: a bar on a terminal, otherwise a line for each round.
final class TurnProgress implements RoundsObserver, AutoCloseable {
    private final PrintWriter err;
    private final boolean terminal =
            Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    private @Nullable ProgressBar bar;
    private String phase = "";

    TurnProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void turn(String now, int done, int all, Case what) {
        if (terminal) {
            if (bar == null) {
                bar = new ProgressBarBuilder()
                        .setTaskName("bench")
                        .setInitialMax(all)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setMaxRenderedLength(80)
                        .build();
            }
            bar.stepTo(done);
            bar.setExtraMessage(now);
        } else if (!now.equals(phase)) {
            err.println("bench: " + now + ", turns=" + done + " of " + all);
            err.flush();
        }
        phase = now;
    }

    @Override
    public void failed(Case what, String reason) {
        err.println("subject left out: subject=" + what + ", reason=" + reason);
        err.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
