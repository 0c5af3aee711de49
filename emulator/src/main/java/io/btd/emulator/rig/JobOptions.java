// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.cli.Json;
import io.btd.cli.Main;
import io.btd.cli.config.TimeSpan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/// How a command is run in a guest, and how its result is told.
final class JobOptions {

    @Option(
            names = "--deadline",
            paramLabel = "D",
            defaultValue = "600s",
            description = "how long the guest may take; default: ${DEFAULT-VALUE}")
    private String deadline;

    @Option(names = "--json", description = "print JSON: output, errors, code, seconds")
    private boolean json;

    Duration deadline() {
        return TimeSpan.parse(deadline);
    }

    /// Runs it, and says what came of it.
    ///
    /// @return the command's exit code
    int run(Rig rig, Rig.Job what, Progress progress, Main main) throws IOException, InterruptedException {
        if (!json) {
            return rig.run(what, new Rig.Output(main.out(), System.err, System.err), progress)
                    .code();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream peer = new ByteArrayOutputStream();
        Rig.Outcome outcome = rig.run(what, new Rig.Output(out, err, peer), progress);
        main.out()
                .println(Json.of(Map.of(
                        "code", outcome.code(),
                        "accelerator", outcome.accelerator().name().toLowerCase(Locale.ROOT),
                        "upSeconds", outcome.upSeconds(),
                        "seconds", outcome.seconds(),
                        "output", out.toString(StandardCharsets.UTF_8),
                        "errors", err.toString(StandardCharsets.UTF_8),
                        "peer", peer.toString(StandardCharsets.UTF_8))));
        return outcome.code();
    }
}
