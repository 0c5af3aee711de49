// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Directories with real files that are wherever a JDK is.
final class RealTree {
    private static final int MAX_FILES = 8000;
    private static final long LARGE = 1 << 20;

    private RealTree() {}

    /// The JDK itself: some hundred texts, headers, libraries.
    static Path ofTheJdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /// The JDK's sources, or `/usr/share` where it comes without.
    static Path unpackedInto(Path folder) throws IOException {
        Path sources = ofTheJdk().resolve("lib/src.zip");
        if (!Files.isRegularFile(sources)) {
            return Path.of("/usr/share");
        }
        try (ZipFile zip = new ZipFile(sources.toFile())) {
            int files = 0;
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements() && files < MAX_FILES; ) {
                ZipEntry entry = all.nextElement();
                Path file = folder.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(folder)) {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip.getInputStream(entry), file);
                    files++;
                }
            }
        }
        return folder;
    }

    /// More than a thousand files: this checkout. Copied, so that nobody changes them meanwhile.
    static void copiedInto(Path folder) throws IOException {
        copy(Path.of(System.getProperty("btd.root", "..")).toAbsolutePath().normalize(), folder.resolve("checkout"));
    }

    /// Hidden folders and what is built are left out: a build may go on in them.
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> !isPassing(from.relativize(file)))
                    .toList()) {
                if (Files.size(file) <= LARGE && Files.isReadable(file)) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static boolean isPassing(Path relative) {
        for (Path name : relative) {
            if (name.toString().equals("target") || name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
