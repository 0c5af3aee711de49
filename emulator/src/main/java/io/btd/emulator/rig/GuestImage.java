// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// What a guest boots from. Its folder is named after the scripts that built it, so checkouts that differ in them do
/// not meet, and a guest that is running keeps what it runs on.
///
/// @param scripts `emulator/vm`
/// @param folder holds `root`, `vmlinuz` and `initrd`; absent until it is built
record GuestImage(Path scripts, Path folder) {
    /// The scripts whose change makes another image.
    private static final List<String> SOURCES = List.of("build", "initramfs", "modules", "packages");

    private static final int NAME_BYTES = 6;

    static GuestImage of(Path scripts, Path cache) {
        return new GuestImage(scripts, cache.resolve("guest-" + name(scripts)));
    }

    private static String name(Path scripts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String source : SOURCES) {
                digest.update(Files.readAllBytes(scripts.resolve(source)));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The folder appears as a whole.
    boolean isBuilt() {
        return Files.isDirectory(folder);
    }

    Path root() {
        return folder.resolve("root");
    }

    Path kernel() {
        return folder.resolve("vmlinuz");
    }

    Path initrd() {
        return folder.resolve("initrd");
    }

    /// Where the programs that build it say what they do.
    Path log() {
        return folder.resolveSibling("build.log");
    }
}
