// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/// A descriptor that can be waited for: that of a datagram socket.
final class Descriptor implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    private final DatagramChannel channel;
    private final int number;

    Descriptor() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        number = descriptorOf("socket:[" + inode(channel.socket().getLocalPort()) + "]");
    }

    /// The inode of the socket that has a port, from the kernel's tables.
    private static String inode(int port) throws IOException {
        String end = ":%04X".formatted(port);
        for (String table : new String[] {"udp", "udp6"}) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                String[] columns = line.strip().split(" +", -1);
                if (columns.length > INODE && columns[LOCAL_ADDRESS].endsWith(end)) {
                    return columns[INODE];
                }
            }
        }
        throw new SocketException("no such socket: port=" + port);
    }

    private static int descriptorOf(String target) throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(path -> leadsTo(path, target))
                    .mapToInt(path -> Integer.parseInt(
                            Objects.requireNonNull(path.getFileName()).toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean leadsTo(Path descriptor, String target) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(target);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    int number() {
        return number;
    }

    void makeReadable() throws IOException {
        try (DatagramChannel sender = DatagramChannel.open()) {
            sender.send(ByteBuffer.allocate(1), channel.getLocalAddress());
        }
    }

    /// Takes what makes it readable.
    ///
    /// @return whether there was something
    boolean drain() throws IOException {
        channel.configureBlocking(false);
        return channel.receive(ByteBuffer.allocate(1)) != null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
