// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.PersistenceDomain;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Makes arena files. A file gets its name only when it is complete: it is made without one and linked, so
/// that a crash on the way leaves nothing behind; where the file system cannot do that, it is made under
/// another name and linked. Of two makers one wins, and both find the same arena.
final class ArenaMaker {
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

    private static boolean makeNamed(Path path, Path folder, Geometry geometry, int node, int arena) {
        Path temporary = folder.resolve("." + path.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createFile(temporary);
            int fd = Libc.open(temporary, Libc.O_RDWR);
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
