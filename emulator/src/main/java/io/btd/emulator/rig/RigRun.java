// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.emulator.net.process.Watchdog;
import io.btd.emulator.rig.QemuLine.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One run of a command: in a guest, or in one of two that are joined. Used once.
final class RigRun {
    /// So long the second guest may take to end after the first.
    private static final Duration PEER_PATIENCE = Duration.ofSeconds(10);

    private static final int POLL_MILLIS = 10;

    private final Rig rig;
    private final Rig.Job job;
    private final Rig.Output output;
    private final Path folder;
    private final Accelerator accelerator;
    private final Watchdog watchdog;
    private final Progress progress;
    private final long end;

    RigRun(
            Rig rig,
            Rig.Job job,
            Rig.Output output,
            Path folder,
            Accelerator accelerator,
            Watchdog watchdog,
            Progress progress) {
        this.rig = rig;
        this.job = job;
        this.output = output;
        this.folder = folder;
        this.accelerator = accelerator;
        this.watchdog = watchdog;
        this.progress = progress;
        this.end = System.nanoTime() + job.deadline().toNanos();
    }

    Rig.Outcome alone() throws IOException, InterruptedException {
        QemuLine line = rig.line(folder, 1, 1, new Network.Alone(), accelerator, Optional.of(job.command()));
        Guest guest = Guest.start("1", line.words(), folder, output.out(), output.err(), watchdog);
        guest.awaitUp(end);
        double up = progress.seconds();
        progress.sayDone("up");
        return outcome(guest.awaitExit(end), up);
    }

    Rig.Outcome joined(Optional<String> peerCommand) throws IOException, InterruptedException {
        Path link = folder.resolve("link");
        Path one = folder.resolve("1");
        Path two = folder.resolve("2");
        QemuLine line = rig.line(one, 1, 2, new Network.Listen(link), accelerator, Optional.of(job.command()));
        QemuLine peerLine = rig.line(two, 2, 2, new Network.Connect(link), accelerator, peerCommand);
        Guest guest = Guest.start("1", line.words(), one, output.out(), output.err(), watchdog);
        while (!Files.exists(link) && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        Guest peer = Guest.start("2", peerLine.words(), two, output.peer(), output.peer(), watchdog);
        guest.awaitUp(end);
        peer.awaitUp(end);
        double up = progress.seconds();
        progress.sayDone("both up");
        int code = guest.awaitExit(end);
        int peerCode = peerExit(peer);
        return outcome(code != 0 ? code : peerCode, up);
    }

    private Rig.Outcome outcome(int code, double up) {
        progress.sayDone("ended");
        return new Rig.Outcome(code, accelerator, up, progress.seconds());
    }

    /// The exit code of the second guest; 0 if it would go on and is stopped, as a server is.
    private int peerExit(Guest peer) throws InterruptedException {
        if (peer.endsWithin(PEER_PATIENCE)) {
            return peer.awaitExit(end);
        }
        peer.kill(watchdog);
        return 0;
    }
}
