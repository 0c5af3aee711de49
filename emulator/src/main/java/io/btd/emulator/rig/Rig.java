// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.emulator.net.process.Watchdog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// Boots guests. What a guest needs on this machine while it runs is in one folder, which goes with it; guests and
/// folder
/// go too when this process is killed.
///
/// @param project the checkout
record Rig(Path project, GuestImage image) {
    /// So long the second guest may take to end after the first.
    private static final long PEER_SECONDS = 10;

    private static final int POLL_MILLIS = 10;

    /// What is to be run.
    ///
    /// @param command for `sh`
    /// @param peerCommand for a second guest, which is then joined to the first
    /// @param deadline until the command has ended, from the start of the boot
    record Job(String command, Optional<String> peerCommand, Duration deadline) {}

    /// Where output goes.
    record Output(OutputStream out, OutputStream err, OutputStream peer) {}

    /// What came of it.
    ///
    /// @param code of the command; of the peer's where that failed and the command did not
    /// @param upSeconds from the start until the command began
    /// @param seconds until all was over
    record Outcome(int code, Accelerator accelerator, double upSeconds, double seconds) {}

    /// Builds the guest if it is not built.
    void build(boolean again, Progress progress) throws IOException, InterruptedException {
        new GuestBuild(image, progress).run(again);
    }

    /// Boots, runs a command, powers off.
    Outcome run(Job job, Output output, Progress building) throws IOException, InterruptedException {
        HostTools.BOOT.require(building);
        build(false, building);
        Path folder = Files.createTempDirectory("btd-rig-");
        try (Watchdog watchdog = new Watchdog(folder)) {
            Progress progress = building.restarted();
            Accelerator accelerator = accelerator(folder, watchdog, progress);
            progress.say("booting: accelerator=" + accelerator);
            long end = System.nanoTime() + job.deadline().toNanos();
            return job.peerCommand().isEmpty()
                    ? alone(job, output, folder, accelerator, watchdog, progress, end)
                    : joined(job, output, folder, accelerator, watchdog, progress, end);
        }
    }

    private Outcome alone(
            Job job,
            Output output,
            Path folder,
            Accelerator accelerator,
            Watchdog watchdog,
            Progress progress,
            long end)
            throws IOException, InterruptedException {
        Guest guest = Guest.start(
                "1",
                line(folder, 1, 1, new QemuLine.Network.Alone(), accelerator, Optional.of(job.command()))
                        .words(),
                folder,
                output.out(),
                output.err(),
                watchdog);
        guest.awaitUp(end);
        double up = progress.seconds();
        progress.sayDone("up");
        int code = guest.awaitExit(end);
        progress.sayDone("ended");
        return new Outcome(code, accelerator, up, progress.seconds());
    }

    private Outcome joined(
            Job job,
            Output output,
            Path folder,
            Accelerator accelerator,
            Watchdog watchdog,
            Progress progress,
            long end)
            throws IOException, InterruptedException {
        Path link = folder.resolve("link");
        Path one = folder.resolve("1");
        Path two = folder.resolve("2");
        QemuLine listening =
                line(one, 1, 2, new QemuLine.Network.Listen(link), accelerator, Optional.of(job.command()));
        QemuLine connecting = line(two, 2, 2, new QemuLine.Network.Connect(link), accelerator, job.peerCommand());
        Guest guest = Guest.start("1", listening.words(), one, output.out(), output.err(), watchdog);
        while (!Files.exists(link) && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        Guest peer = Guest.start("2", connecting.words(), two, output.peer(), output.peer(), watchdog);
        guest.awaitUp(end);
        peer.awaitUp(end);
        double up = progress.seconds();
        progress.sayDone("both up");
        int code = guest.awaitExit(end);
        int peerCode = peerExit(peer, watchdog);
        progress.sayDone("ended");
        return new Outcome(code != 0 ? code : peerCode, accelerator, up, progress.seconds());
    }

    /// The exit code of the second guest; 0 if it would go on and is stopped, as a server is.
    private static int peerExit(Guest peer, Watchdog watchdog) throws InterruptedException {
        if (peer.endsWithin(Duration.ofSeconds(PEER_SECONDS))) {
            return peer.awaitExit(Long.MAX_VALUE);
        }
        peer.kill(watchdog);
        return 0;
    }

    /// Boots with a shell on this process's terminal.
    OptionalInt shell(Progress progress) throws IOException, InterruptedException {
        HostTools.BOOT.require(progress);
        build(false, progress);
        Path folder = Files.createTempDirectory("btd-rig-");
        try (Watchdog watchdog = new Watchdog(folder)) {
            Accelerator accelerator = accelerator(folder, watchdog, progress);
            QemuLine line = line(folder, 1, 1, new QemuLine.Network.Alone(), accelerator, Optional.empty());
            progress.say("booting: accelerator=" + accelerator + "; exit leaves the guest");
            return Guest.startOnTerminal(line.words(), folder, watchdog).awaitExit();
        }
    }

    private Accelerator accelerator(Path folder, Watchdog watchdog, Progress progress)
            throws IOException, InterruptedException {
        return new KvmTrial(image, image.folder().resolveSibling("kvm")).choose(folder, watchdog, progress);
    }

    private QemuLine line(
            Path folder,
            int number,
            int guests,
            QemuLine.Network network,
            Accelerator accelerator,
            Optional<String> command)
            throws IOException {
        List<Share> shares = Share.of(
                project.toRealPath(),
                Path.of(System.getProperty("java.home")).toRealPath(),
                Path.of(System.getProperty("user.home"), ".m2/repository"));
        GuestFolder.write(folder, image, number, guests, shares, project.toRealPath(), command);
        return new QemuLine(accelerator, image, number, folder, shares, network, command.isEmpty());
    }
}
