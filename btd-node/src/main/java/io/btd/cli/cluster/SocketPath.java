// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/// Where a node's Unix domain socket is when nobody says so: in the node's folder, or, because the system takes short
/// paths only, in a private folder below the temporary one whose name follows from the node's folder.
///
/// @param socket the path of the socket
/// @param node the node's folder
record SocketPath(Path socket, Path node) {
    /// What fits into `sockaddr_un` with its end.
    static final int LONGEST = 107;

    private static final String NAME = "node.sock";

    /// That of a node, on a machine with this temporary folder.
    static SocketPath of(Path node, Path temporary) {
        Path inside = node.resolve(NAME);
        if (inside.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            return new SocketPath(inside, node);
        }
        String text = node.toAbsolutePath().normalize().toString();
        UUID name = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
        return new SocketPath(temporary.resolve("btd-" + name).resolve("s"), node);
    }

    /// That of a node on this machine.
    static SocketPath of(Path node) {
        return of(node, Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    private boolean isOutside() {
        return !socket.startsWith(node);
    }

    /// Makes room: what an earlier life of the node left is removed. Only for whoever has the node's folder.
    ///
    /// @throws InvalidConfig when the private folder is somebody else's
    void prepare() {
        try {
            if (isOutside()) {
                makePrivate(socket.resolveSibling(""));
            }
            Files.deleteIfExists(socket);
        } catch (IOException unusable) {
            throw new InvalidConfig(
                    "cannot make a socket: path=" + socket + ", reason=" + unusable,
                    "name another one with --listen uds:PATH");
        }
    }

    private static void makePrivate(Path folder) throws IOException {
        Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(ours));
        }
        String user = Files.getOwner(Path.of("/proc/self")).getName();
        if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(user)
                || !Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                        .equals(ours)) {
            throw new IOException("the folder is not private: " + folder);
        }
    }

    /// Removes what is there, for a node that has ended.
    void remove() {
        try {
            Files.deleteIfExists(socket);
            if (isOutside()) {
                Files.deleteIfExists(socket.resolveSibling(""));
            }
        } catch (IOException leftThere) {
            throw new java.io.UncheckedIOException(leftThere);
        }
    }
}
