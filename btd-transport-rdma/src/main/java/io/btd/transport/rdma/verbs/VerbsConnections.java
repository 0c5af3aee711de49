// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCmEvent;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parts of [VerbsStack] that make connections.
final class VerbsConnections {
    private static final List<RdmaCmEvent.EventType> EVENTS = List.of(RdmaCmEvent.EventType.values());

    /// As many READs and atomics at a time as both devices can (`RDMA_MAX_RESP_RES`, `RDMA_MAX_INIT_DEPTH`).
    private static final int MOST = 255;

    private VerbsConnections() {}

    record Events(EventChannel channel) implements RdmaStack.EventChannel {
        @Override
        public RdmaStack.ConnectionId newConnectionId() throws IOException {
            return new Id(channel.newConnectionId());
        }

        @Override
        public RdmaStack.@Nullable Event next(Duration timeout) throws IOException {
            return channel.next(timeout).map(Events::seen).orElse(null);
        }

        /// What DiSNI has no word for is for nobody. Both kinds are in the order of their numbers.
        @SuppressWarnings("EnumOrdinal")
        private static RdmaStack.@Nullable Event seen(ConnectionEvent event) {
            if (event.kind().ordinal() >= EVENTS.size()) {
                return null;
            }
            return new RdmaStack.Event(
                    EVENTS.get(event.kind().ordinal()),
                    event.status(),
                    new Id(event.id()),
                    event.listener().map(Id::new).orElse(null),
                    event.privateData());
        }

        @Override
        public boolean isClosed() {
            return channel.isClosed();
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    record Id(ConnectionId id) implements RdmaStack.ConnectionId {
        @Override
        public void bind(InetSocketAddress local) throws IOException {
            id.bind(local);
        }

        @Override
        public void listen(int backlog) throws IOException {
            id.listen(backlog);
        }

        @Override
        public void resolveAddress(InetSocketAddress destination, Duration timeout) throws IOException {
            id.resolveAddress(destination, timeout);
        }

        @Override
        public void resolveRoute(Duration timeout) throws IOException {
            id.resolveRoute(timeout);
        }

        @Override
        public RdmaStack.QueuePair newQueuePair(
                RdmaStack.ProtectionDomain domain,
                RdmaStack.CompletionQueue sends,
                RdmaStack.CompletionQueue receives,
                IbvQPInitAttr wanted)
                throws IOException {
            return VerbsParts.newQueuePair(id, domain, sends, receives, wanted);
        }

        @Override
        public void connect(RdmaStack.Handshake handshake) throws IOException {
            id.connect(parameters(handshake), bytes(handshake.privateData()));
        }

        @Override
        public void accept(RdmaStack.Handshake handshake) throws IOException {
            id.accept(parameters(handshake), bytes(handshake.privateData()));
        }

        @Override
        public void reject(ByteBuffer privateData) throws IOException {
            id.reject(bytes(privateData));
        }

        private static ConnectionParameters parameters(RdmaStack.Handshake handshake) {
            return new ConnectionParameters(MOST, MOST, handshake.retries(), handshake.receiverRetries());
        }

        private static byte[] bytes(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return bytes;
        }

        @Override
        public void disconnect() throws IOException {
            id.disconnect();
        }

        @Override
        public Optional<RdmaStack.Device> device() throws IOException {
            return id.device().map(VerbsParts.Adapter::new);
        }

        @Override
        public Optional<InetSocketAddress> localAddress() {
            return id.localAddress();
        }

        @Override
        public Optional<InetSocketAddress> remoteAddress() {
            return id.remoteAddress();
        }

        @Override
        public boolean isClosed() {
            return id.isClosed();
        }

        @Override
        public void close() {
            id.close();
        }
    }
}
