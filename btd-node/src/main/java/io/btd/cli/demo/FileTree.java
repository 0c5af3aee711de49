// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The files below a directory that are to be indexed: every regular file up to [#MAX_FILE], hidden ones
/// included, symbolic links not followed; in the order of their path's bytes.
final class FileTree {
    /// The largest file that is looked at, in bytes (1 MiB).
    static final int MAX_FILE = 1 << 20;

    private FileTree() {}

    /// One file as it was when the directory was read. Taken before the content is read: if the file
    /// changes in between, the next run sees another stamp and indexes it again.
    ///
    /// @param path relative to the directory
    /// @param size in bytes
    /// @param modified nanoseconds since 1970
    record Entry(Path file, RawPath path, long size, long modified) {}

    /// What was found.
    ///
    /// @param files sorted by path
    /// @param unreadable files and directories that could not be looked at, with the reason
    record Listing(List<Entry> files, List<String> unreadable) {}

    /// Reads the tree below `directory`.
    static Listing list(Path directory) throws IOException {
        Path root = directory.toRealPath();
        RawPath base = RawPath.of(root);
        List<Entry> files = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && attributes.size() <= MAX_FILE) {
                    long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
                    files.add(new Entry(file, RawPath.of(file).below(base), attributes.size(), modified));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException error) {
                unreadable.add(file + " (" + error.getClass().getSimpleName() + ")");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException error) {
                if (error != null) {
                    unreadable.add(visited + " (" + error.getClass().getSimpleName() + ")");
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(Entry::path));
        return new Listing(files, unreadable);
    }

    /// Reads a file into `buffer`, whose length bounds what is read.
    ///
    /// @return how many bytes the file has, at most `buffer.length`
    static int read(Path file, byte[] buffer) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(buffer, 0, buffer.length);
        }
    }
}
