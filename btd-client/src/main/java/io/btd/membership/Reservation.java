// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// What tells a node's folder from every other: a uuid in its file `reservation`, made once. A host's name and a
/// path would not do: hosts share names, change them, and take over each other's disks.
final class Reservation {
    private static final String FILE = "reservation";

    private Reservation() {}

    /// The uuid of `folder`; durable on return. Of all who make it at the same time, one wins.
    ///
    /// @throws InvalidConfig when the folder is not there or cannot be written
    static UUID of(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                make(folder, file);
            }
            return UUID.fromString(Files.readString(file).strip());
        } catch (IOException unusable) {
            throw new InvalidConfig(
                    "cannot keep the reservation of a node id: file=" + file + ", reason=" + unusable,
                    "give the node a folder it can write to");
        } catch (IllegalArgumentException malformed) {
            throw new InvalidConfig(
                    "not a reservation: file=" + file, "remove it if the folder has no arena; restore it otherwise");
        }
    }

    private static void make(Path folder, Path file) throws IOException {
        Path made = Files.createTempFile(folder, FILE, ".new");
        try {
            Files.writeString(made, UUID.randomUUID() + "\n", StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
            Files.createLink(file, made);
            sync(folder);
        } catch (FileAlreadyExistsException someoneElseWon) {
            // theirs is read
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }
}
