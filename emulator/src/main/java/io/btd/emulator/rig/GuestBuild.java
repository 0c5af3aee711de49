// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.Unreachable;
import io.btd.emulator.net.process.Watchdog;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Builds an image, by the script `build`: in a folder of its own, which is given its name when all is there.
final class GuestBuild {
    private static final String UNFINISHED = ".unfinished";

    private final GuestImage image;
    private final Progress progress;

    GuestBuild(GuestImage image, Progress progress) {
        this.image = image;
        this.progress = progress;
    }

    /// Builds what is not built.
    ///
    /// @param again whether what is built is built once more
    void run(boolean again) throws IOException, InterruptedException {
        if (image.isBuilt() && !again) {
            return;
        }
        if (!HostTools.isRoot()) {
            throw new InvalidConfig(
                    "the guest is not built, and only root can build it: folder=" + image.folder(),
                    "as root, once: btd rig build --cache "
                            + image.folder().resolveSibling("").normalize());
        }
        HostTools.BUILD.require(progress);
        Path cache = Files.createDirectories(image.folder().resolveSibling("").normalize());
        try (FileChannel channel =
                        FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!image.isBuilt() || again) {
                removeUnfinished(cache);
                build(cache);
            }
        }
    }

    private void build(Path cache) throws IOException, InterruptedException {
        progress.say("building the guest, once: folder=" + image.folder());
        Path unfinished = cache.resolve(String.valueOf(image.folder().getFileName()) + UNFINISHED);
        try (Watchdog watchdog = new Watchdog(unfinished)) {
            Process process = new ProcessBuilder(
                            image.scripts().resolve("build").toString(), unfinished.toString())
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(image.log().toFile())
                    .start();
            watchdog.add(process.pid());
            try (BufferedReader steps = process.inputReader()) {
                for (String step = steps.readLine(); step != null; step = steps.readLine()) {
                    progress.say(step);
                }
            }
            int code = process.waitFor();
            watchdog.remove(process.pid());
            if (code != 0) {
                throw new Unreachable(
                        "the guest cannot be built: code=" + code + ", last=" + lastLine(),
                        "the programs' own words are in " + image.log());
            }
            if (image.isBuilt()) {
                Files.move(image.folder(), cache.resolve("old" + UNFINISHED));
            }
            Files.move(unfinished, image.folder());
        }
        removeUnfinished(cache);
        progress.sayDone("built");
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(image.log());
        return lines.isEmpty() ? "" : lines.getLast();
    }

    /// What a builder left that was killed together with its watchdog, and what has been replaced.
    private static void removeUnfinished(Path cache) throws IOException {
        List<Path> left;
        try (Stream<Path> all = Files.list(cache)) {
            left = all.filter(path -> path.toString().endsWith(UNFINISHED)).toList();
        }
        for (Path path : left) {
            new Watchdog(path).close();
        }
    }
}
