// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.emulator.net.process.Watchdog;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Finds out whether KVM works: by a boot, since a `/dev/kvm` may be there and refuse, or hang. The answer is kept
/// until the machine starts anew.
final class KvmTrial {
    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final long PATIENCE_SECONDS = 20;
    private static final String WORKS = "works";
    /// What the initramfs says.
    private static final String SUCCESS = "rig: trial ok";

    private final GuestImage image;
    private final Path answer;

    KvmTrial(GuestImage image, Path answer) {
        this.image = image;
        this.answer = answer;
    }

    /// The fastest way that works.
    Accelerator choose(Path folder, Watchdog watchdog, Progress progress) throws IOException, InterruptedException {
        if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
            return Accelerator.EMULATION;
        }
        String boot = Files.readString(BOOT).strip();
        List<String> known = Files.isReadable(answer) ? Files.readAllLines(answer) : List.of();
        boolean works;
        if (known.size() == 2 && known.getFirst().equals(boot)) {
            works = known.getLast().equals(WORKS);
        } else {
            works = works(folder.resolve("trial"), watchdog);
            progress.say("KVM " + (works ? "works" : "does not work here"));
            if (Files.isWritable(answer.resolveSibling(""))) {
                Files.write(answer, List.of(boot, works ? WORKS : "fails"));
            }
        }
        return works ? Accelerator.KVM : Accelerator.EMULATION;
    }

    private boolean works(Path console, Watchdog watchdog) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(QemuLine.trial(Accelerator.KVM, image, console))
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        watchdog.add(process.pid());
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        watchdog.remove(process.pid());
        return Files.exists(console) && Files.readString(console).contains(SUCCESS);
    }
}
