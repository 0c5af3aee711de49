// SPDX-License-Identifier: Apache-2.0
package io.btd.membership.server;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A folder that one process has at a time: a lock on a file in it, which goes with the process. The file stays.
///
/// @param channel of the file; closing it ends the lock
public record FolderLock(FileChannel channel) implements AutoCloseable {

    /// Takes the lock `name` of `folder`, which is made when it is absent.
    ///
    /// @throws InvalidConfig when somebody has it, or the folder cannot be used
    public static FolderLock take(Path folder, String name) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lock(channel);
            if (lock == null) {
                channel.close();
                throw new InvalidConfig(
                        "folder is in use: folder=" + folder, "end the process that has it, or take another folder");
            }
            return new FolderLock(channel);
        } catch (IOException unusable) {
            throw new InvalidConfig(
                    "cannot use folder: folder=" + folder + ", reason=" + unusable,
                    "give a folder that can be written");
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException unclosable) {
            throw new java.io.UncheckedIOException(unclosable);
        }
    }
}
