// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Paths of socket files. A file that nobody listens on is a dead listener's, and replaced; anything else that is in
/// the way stays.
final class SocketFiles implements Addresses {
    private static final System.Logger LOG = System.getLogger(SocketFiles.class.getName());

    /// `sockaddr_un.sun_path` has 108 bytes on Linux, 104 elsewhere; the JDK keeps two of them for itself.
    static final int MAX_BYTES = (System.getProperty("os.name").startsWith("Linux") ? 108 : 104) - 2;

    private final Function<Path, SocketAddress> address;

    SocketFiles(Function<Path, SocketAddress> address) {
        this.address = address;
    }

    @Override
    public SocketAddress remote(String text) {
        return address.apply(path(text));
    }

    @Override
    public SocketAddress local(String text) {
        Path path = path(text);
        try {
            makeFree(path);
        } catch (IOException e) {
            throw new BtdException.InvalidConfig(
                    "cannot replace a socket file: path=" + path + ", reason=" + e, "remove it, or listen elsewhere");
        }
        return address.apply(path);
    }

    @Override
    public Bound bound(String text, SocketAddress actual) {
        Path path = path(text);
        Object ours = identity(path);
        return new Bound(text, () -> {
            if (ours != null && Objects.equals(ours, identity(path))) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "cannot remove a socket file: path=" + path + "; remove it", e);
                }
            }
        });
    }

    private static Path path(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new BtdException.InvalidConfig(
                    "path too long for a socket: path=" + text + ", bytes=" + bytes + ", limit=" + MAX_BYTES,
                    "use a shorter path");
        }
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // Refused below.
        }
        throw new BtdException.InvalidConfig(
                "not an address for uds: address=" + text, "write the path of a socket file, as /run/btd/node-1.sock");
    }

    /// Takes a dead listener's file away. Of several who see the same dead file one moves it; who moved one looks
    /// again whether it is dead, since by then it may be another's new one.
    private static void makeFree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!file.isOther()) {
            throw inUse(path, "it is not a socket file");
        }
        if (listenedOn(path)) {
            throw inUse(path, "somebody listens there");
        }
        Path aside = path.resolveSibling(path.getFileName() + ".dead-"
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId());
        try {
            Files.move(path, aside);
        } catch (NoSuchFileException e) {
            return;
        }
        if (listenedOn(aside)) {
            Files.move(aside, path);
            throw inUse(path, "somebody else began to listen there");
        }
        Files.delete(aside);
    }

    private static boolean listenedOn(Path path) throws IOException {
        try (SocketChannel tried = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            tried.configureBlocking(false);
            // Connected, or a listener that is too busy to let us in: both are alive.
            tried.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (java.net.SocketException e) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
    }

    private static @Nullable Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static BtdException inUse(Path path, String why) {
        return new BtdException.InvalidConfig(
                "cannot listen: path=" + path + ", reason=" + why, "listen elsewhere, or stop who is there");
    }
}
