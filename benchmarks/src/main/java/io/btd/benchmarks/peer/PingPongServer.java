// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Sends back what comes, with one blocking thread for each connection.
final class PingPongServer {
    private static final int BUFFER = 64 << 10;

    private PingPongServer() {}

    /// Listens until the process ends.
    ///
    /// @return where
    static SocketAddress listen(SocketAddress at) throws IOException {
        boolean unix = at instanceof UnixDomainSocketAddress;
        ServerSocketChannel server =
                ServerSocketChannel.open(unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
        server.bind(at);
        Thread.ofPlatform().daemon().start(() -> accept(server, !unix));
        return server.getLocalAddress();
    }

    private static void accept(ServerSocketChannel server, boolean tcp) {
        try (server) {
            while (true) {
                SocketChannel channel = server.accept();
                if (tcp) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                Thread.ofPlatform().daemon().start(() -> echo(channel));
            }
        } catch (IOException noMore) {
            System.err.println("ping-pong server ended: reason=" + noMore.getMessage());
        }
    }

    private static void echo(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (channel) {
            while (channel.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException reset) {
            // the client is gone
        }
    }
}
