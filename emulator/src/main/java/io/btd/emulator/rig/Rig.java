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

/// Boots guests. What a guest needs on this machine while it runs is in one folder, which goes with it; guests and
/// folder go too when this process is killed.
///
/// @param project the checkout
record Rig(Path project, GuestImage image) {

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
    ///
    /// @param again whether also if it is
    void build(boolean again, Progress progress) throws IOException, InterruptedException {
        HostTools.BOOT.require(progress);
        new GuestBuild(image, progress).run(again);
    }

    /// Boots, runs a command, powers off.
    Outcome run(Job job, Output output, Progress building) throws IOException, InterruptedException {
        build(false, building);
        Path folder = Files.createTempDirectory("btd-rig-");
        try (Watchdog watchdog = new Watchdog(folder)) {
            Progress progress = building.restarted();
            Accelerator accelerator = accelerator(folder, watchdog, progress);
            progress.say("booting: accelerator=" + accelerator);
            RigRun run = new RigRun(this, job, output, folder, accelerator, watchdog, progress);
            return job.peerCommand().isEmpty() ? run.alone() : run.joined(job.peerCommand());
        }
    }

    /// Boots with a shell on this process's terminal.
    ///
    /// @return the shell's exit code, where the guest did not break down
    OptionalInt shell(Progress progress) throws IOException, InterruptedException {
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

    /// Writes down what a guest has to know, and how it is started.
    ///
    /// @param guests how many there are
    QemuLine line(
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
