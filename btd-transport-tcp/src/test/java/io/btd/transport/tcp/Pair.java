// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A transport that listens, and another that connects to it.
final class Pair implements AutoCloseable {
    /// The property that names the address to listen on, where it is not loopback's.
    static final String HOST = "btd.test.host";

    static final Duration SOON = Duration.ofSeconds(20);

    final StreamTransport near;
    final StreamTransport far;
    final Transport.Listener listener;
    final Endpoint endpoint;
    private final LinkedBlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();

    Pair(Supplier<? extends Medium> media, Path folder, TransportOptions options, Supplier<FrameHandler> acceptor) {
        near = new StreamTransport(media.get(), options);
        far = new StreamTransport(media.get(), options);
        listener = far.listen(anywhere(far.name(), folder), connection -> {
            FrameHandler handler = acceptor.get();
            accepted.add(connection);
            return handler;
        });
        endpoint = listener.endpoint();
    }

    static Endpoint anywhere(String transport, Path folder) {
        return transport.equals(UdsProvider.NAME)
                ? new Endpoint(transport, folder.resolve("s").toString())
                : new Endpoint(transport, System.getProperty(HOST, "127.0.0.1") + ":0");
    }

    Connection connect(FrameHandler handler) {
        return near.connect(endpoint, handler, SOON);
    }

    /// The other end of the connection made last.
    Connection accepted() throws InterruptedException {
        Connection connection = accepted.poll(1, TimeUnit.MINUTES);
        if (connection == null) {
            throw new AssertionError("nothing was accepted");
        }
        return connection;
    }

    static void send(Connection connection, long id, byte[] payload) {
        Connection.Outbound frame = connection.allocate(payload.length);
        MemorySegment.copy(payload, 0, frame.payload(), ValueLayout.JAVA_BYTE, 0, payload.length);
        connection.send(frame, 16, 1, id, id + 1, id + 2, 7);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
