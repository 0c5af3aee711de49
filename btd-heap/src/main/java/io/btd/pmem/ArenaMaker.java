// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.PersistenceDomain;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/// Makes arena files. A file gets its name only when it is complete: it is made without one and linked, so
/// that a crash on the way leaves nothing behind; where the file system cannot do that, it is made under
/// another name and linked, and whoever comes next removes what a crash left of that. Of two makers one wins,
/// and both find the same arena.
final class ArenaMaker {
    private static final Pattern UNIQUE = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private ArenaMaker() {}

    /// Makes an arena unless the name is taken; says whether it did.
    static boolean make(Path path, Geometry geometry, int node, int arena) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw FileErrors.absent(path);
        }
        try {
            int fd = Libc.openTemporary(folder);
            fill(path, folder, fd, geometry, node, arena, () -> Libc.link(fd, path));
            return true;
        } catch (IOException refused) {
            if (!(refused instanceof Libc.Failure e)) {
                throw FileErrors.of(path, refused);
            }
            if (e.errno() == Libc.EOPNOTSUPP || e.errno() == Libc.EISDIR || e.errno() == Libc.EINVAL) {
                return makeNamed(path, folder, geometry, node, arena);
            }
            if (e.errno() == Libc.EEXIST) {
                return false;
            }
            throw FileErrors.of(path, e);
        }
    }

    /// Makes the file under a name of its own first, for file systems that know no files without one. The lock
    /// says that its maker lives: without it the file is what a crash left, and [#sweep] removes it.
    static boolean makeNamed(Path path, Path folder, Geometry geometry, int node, int arena) {
        Path temporary = folder.resolve(prefix(path) + UUID.randomUUID());
        try {
            Files.createFile(temporary);
            int fd = Libc.open(temporary, Libc.O_RDWR);
            if (!Libc.tryLock(fd) || !Files.exists(temporary)) {
                Libc.close(fd);
                return makeNamed(path, folder, geometry, node, arena); // taken for a leftover before it was locked
            }
            fill(path, folder, fd, geometry, node, arena, () -> Files.createLink(path, temporary));
            return true;
        } catch (FileAlreadyExistsException raced) {
            return false;
        } catch (IOException e) {
            throw FileErrors.of(path, e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    private static String prefix(Path path) {
        return "." + path.getFileName() + ".";
    }

    /// Removes what makers of this arena have left that died on the way, complete or not; those of living
    /// makers stay.
    static void sweep(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> isTemporary(path, file))) {
            for (Path file : files) {
                removeIfAbandoned(file);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // a folder that cannot be listed can still hold an arena
        }
    }

    private static boolean isTemporary(Path path, Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(prefix(path))
                && UNIQUE.matcher(name.substring(prefix(path).length())).matches()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static void removeIfAbandoned(Path file) {
        int fd = -1;
        try {
            fd = Libc.open(file, Libc.O_RDWR);
            if (Libc.tryLock(fd)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException notOurs) {
            // somebody else's, or gone
        } finally {
            if (fd >= 0) {
                Libc.close(fd);
            }
        }
    }

    /// How the finished file gets its name.
    private interface Naming {
        void link() throws IOException;
    }

    private static void fill(Path path, Path folder, int fd, Geometry geometry, int node, int arena, Naming naming)
            throws IOException {
        FileMedium medium = null;
        try {
            Libc.truncate(fd, geometry.mediumBytes());
            Libc.reserve(fd, 0, geometry.fixedEnd());
            medium = FileMedium.map(path, fd, geometry.mediumBytes(), true, PersistenceDomain.PROCESS);
            ArenaFile.format(medium, geometry, node, arena, UUID.randomUUID());
            Libc.sync(fd);
            naming.link();
            syncFolder(folder);
        } finally {
            if (medium != null) {
                medium.close();
            } else {
                Libc.close(fd);
            }
        }
    }

    /// Makes the file's name as durable as the file.
    private static void syncFolder(Path path) throws Libc.Failure {
        int folder = Libc.open(path, Libc.O_RDONLY);
        try {
            Libc.sync(folder);
        } finally {
            Libc.close(folder);
        }
    }

    private static void deleteQuietly(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new ArenaUnusable(
                    io.btd.api.BtdException.ArenaFault.IO,
                    "temporary file could not be removed: path=" + temporary,
                    "remove it by hand");
        }
    }
}
