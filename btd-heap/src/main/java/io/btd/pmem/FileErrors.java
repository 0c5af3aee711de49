// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import java.io.IOException;
import java.nio.file.Path;

/// Turns what the operating system says about an arena's file into a typed error.
final class FileErrors {
    private FileErrors() {}

    static ArenaUnusable of(Path path, IOException e) {
        if (e instanceof Libc.Failure failure) {
            return of(path, failure);
        }
        if (e instanceof java.nio.file.NoSuchFileException) {
            return absent(path);
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return denied(path);
        }
        return new ArenaUnusable(
                ArenaFault.IO,
                "arena file cannot be used: path=" + path + ", reason=" + e.getMessage(),
                "check the file and its file system");
    }

    static ArenaUnusable of(Path path, Libc.Failure e) {
        return switch (e.errno()) {
            case Libc.ENOENT -> absent(path);
            case Libc.EACCES, Libc.EROFS -> denied(path);
            case Libc.EISDIR -> notAFile(path);
            case Libc.ENOSPC, Libc.EDQUOT -> full(path);
            case Libc.EFBIG ->
                new ArenaUnusable(
                        ArenaFault.UNSUPPORTED,
                        "the file system refuses a file this large: path=" + path,
                        "use a smaller capacity");
            default ->
                new ArenaUnusable(
                        ArenaFault.IO,
                        "arena file cannot be used: path=" + path + ", reason=" + e.getMessage(),
                        "check the file and its file system");
        };
    }

    static ArenaUnusable absent(Path path) {
        return new ArenaUnusable(
                ArenaFault.ABSENT, "no such arena: path=" + path, "check the path; its folder must exist");
    }

    static ArenaUnusable notAFile(Path path) {
        return new ArenaUnusable(
                ArenaFault.NOT_A_FILE, "arena is not an ordinary file: path=" + path, "name a file, not a folder");
    }

    static ArenaUnusable full(Path path) {
        return new ArenaUnusable(
                ArenaFault.MEDIUM_FULL, "the medium is full: path=" + path, "make room or use a smaller capacity");
    }

    private static ArenaUnusable denied(Path path) {
        return new ArenaUnusable(
                ArenaFault.DENIED, "permission denied: path=" + path, "check owner and mode of file and folder");
    }
}
