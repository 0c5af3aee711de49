// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Where files are kept that need not outlive the machine's next start: on the ramdisk, where persisting costs
/// nothing, or else among the temporary files, which are on a disk more often than not.
public final class Ramdisk {
    private static final Path FOLDER = Path.of("/dev/shm");

    private Ramdisk() {}

    /// The ramdisk, if this machine has one for us.
    public static Optional<Path> folder() {
        return Optional.of(FOLDER).filter(Files::isDirectory).filter(Files::isWritable);
    }

    /// The ramdisk, or the folder for temporary files.
    public static Path orTemporary() {
        return folder().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Makes a new folder there, for whoever calls to remove.
    ///
    /// @param prefix what its name begins with
    public static Path makeFolder(String prefix) throws IOException {
        return Files.createTempDirectory(orTemporary(), prefix);
    }

    /// Removes a folder with everything in it; one that is not there is no error.
    ///
    /// @throws IOException when something refuses, or somebody else makes or removes files there meanwhile
    public static void removeFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path deepestFirst : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(deepestFirst);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
