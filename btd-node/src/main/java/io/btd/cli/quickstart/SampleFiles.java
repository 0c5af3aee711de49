// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/// Copies a few hundred real files that are on this machine anyway: the checkout's sources and documents,
/// and what comes with the JDK.
final class SampleFiles {
    private static final Set<String> NOT_WANTED = Set.of("target", ".git", ".btd", ".idea", ".m2", "node_modules");
    private static final int MAX_FILES_PER_PLACE = 400;
    private static final long MAX_BYTES_PER_PLACE = 6L << 20;
    private static final long MAX_FILE = 256L << 10;

    private final Path destination;
    private int files;
    private long bytes;
    private boolean withCheckout;

    private SampleFiles(Path destination) {
        this.destination = destination;
    }

    /// Copies them below `destination`.
    static SampleFiles copyTo(Path destination) throws IOException {
        SampleFiles sample = new SampleFiles(destination);
        Path checkout = Path.of(System.getProperty("btd.root", "."));
        if (Files.isDirectory(checkout.resolve("btd-api"))) {
            sample.take(checkout, destination.resolve("checkout"));
            sample.withCheckout = sample.files > 0;
        }
        Path jdk = Path.of(System.getProperty("java.home"));
        for (String folder : new String[] {"legal", "conf", "include"}) {
            sample.take(jdk.resolve(folder), destination.resolve("jdk").resolve(folder));
        }
        return sample;
    }

    /// How many there are.
    int files() {
        return files;
    }

    /// Their bytes.
    long bytes() {
        return bytes;
    }

    /// Where they come from.
    String description() {
        return (withCheckout ? "this checkout, and " : "") + "the JDK's legal, conf, include";
    }

    /// Where they are.
    Path folder() {
        return destination;
    }

    private void take(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        int filesBefore = files;
        long bytesBefore = bytes;
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                Path name = directory.getFileName();
                return name != null && !directory.equals(from) && NOT_WANTED.contains(name.toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (files - filesBefore >= MAX_FILES_PER_PLACE || bytes - bytesBefore >= MAX_BYTES_PER_PLACE) {
                    return FileVisitResult.TERMINATE;
                }
                if (attributes.isRegularFile() && attributes.size() <= MAX_FILE && Files.isReadable(file)) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent() == null ? to : copy.getParent());
                    Files.copy(file, copy);
                    files++;
                    bytes += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException refused) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
