// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.BtdException;
import io.btd.api.transport.Endpoint;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import io.btd.api.wire.Macs;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Requests;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client that does exactly what it is told, by blocking sockets: it can repeat, reorder, cut and forge frames. For
/// one thread.
final class RawClient implements AutoCloseable {
    static final long HIGH = 0x1111;

    /// A frame that arrived.
    record Frame(FrameHeader header, MemorySegment payload) {

        Response response() {
            return Responses.decode(header.type(), payload);
        }

        Control control() {
            return Controls.decode(header.type(), payload);
        }
    }

    private final SocketChannel channel;
    private final Map<Long, Response> answers = new HashMap<>();
    final List<Long> notices = new ArrayList<>();
    private Control.@Nullable Welcome welcome;
    private long clientLow;
    long incarnation;
    long nextId;
    long acknowledged;

    private RawClient(SocketChannel channel) {
        this.channel = channel;
    }

    static RawClient connect(Endpoint endpoint) throws IOException {
        return new RawClient(SocketChannel.open(address(endpoint)));
    }

    private static SocketAddress address(Endpoint endpoint) {
        String address = endpoint.address();
        if (endpoint.transport().equals("uds")) {
            return UnixDomainSocketAddress.of(address);
        }
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    // --- handshake

    static Control.Hello hello(long clientLow, long session) {
        return new Control.Hello(1, 1, 0, HIGH, clientLow, session, new byte[32], "btd");
    }

    /// Opens a session, or resumes it.
    static RawClient open(Endpoint endpoint, long clientLow, long session) throws IOException {
        RawClient client = connect(endpoint);
        client.clientLow = clientLow;
        client.send(hello(clientLow, session));
        try {
            client.welcomed();
        } catch (BtdException refused) {
            client.close();
            throw refused;
        }
        return client;
    }

    Control.Welcome welcome() {
        if (welcome == null) {
            throw new IllegalStateException("no session yet");
        }
        return welcome;
    }

    long session() {
        return welcome().session();
    }

    long clientLow() {
        return clientLow;
    }

    Control.Welcome welcomed() throws IOException {
        Control control = receive().control();
        if (control instanceof Control.Goodbye goodbye) {
            throw goodbye.reason();
        }
        Control.Welcome opened = (Control.Welcome) control;
        welcome = opened;
        incarnation = opened.incarnation();
        nextId = opened.nextRequestId();
        acknowledged = nextId - 1;
        return opened;
    }

    /// Proves to know the secret; returns the node's proof and the one expected.
    byte[][] prove(Control.Hello hello, String secret) throws IOException {
        byte[] nonce = ((Control.Challenge) receive().control()).nonce();
        send(new Control.Proof(Macs.client(secret, hello, nonce)));
        Control.Welcome opened = welcomed();
        return new byte[][] {opened.mac(), Macs.node(secret, hello, nonce, opened.session())};
    }

    // --- requests

    /// Makes a request and waits for its answer.
    Response call(Request request) throws IOException {
        return answer(send(request, 0));
    }

    /// As [#call], for requests that cannot fail.
    long value(Request request) throws IOException {
        Response response = call(request);
        return switch (response) {
            case Response.Value value -> value.value();
            case Response.Pointers pointers -> pointers.pointers()[0];
            default -> throw new AssertionError("unexpected answer: " + response);
        };
    }

    BtdException refused(Request request) throws IOException {
        return ((Response.Failed) call(request)).error();
    }

    /// Sends a request with the next number; returns the number.
    long send(Request request, int flags) throws IOException {
        long id = nextId++;
        send(request, id, flags, acknowledged, 0);
        return id;
    }

    void send(Request request, long id, int flags, long acknowledged, int deadline) throws IOException {
        write(frame(request, id, flags, acknowledged, deadline));
    }

    byte[] frame(Request request, long id, int flags, long acknowledged, int deadline) {
        byte[] payload = new byte[Requests.payloadBytes(request)];
        Requests.encode(request, MemorySegment.ofArray(payload));
        return frame(payload, request.type().code(), flags, id, incarnation, acknowledged, deadline);
    }

    /// Waits for the answer to a request; what else arrives is kept.
    Response answer(long id) throws IOException {
        while (!answers.containsKey(id)) {
            Frame frame = receive();
            int type = frame.header().type();
            if (type == MessageType.NOTICE.code()) {
                for (long block : ((Control.Notice) frame.control()).blocks()) {
                    notices.add(block);
                }
            } else if (type == MessageType.GOODBYE.code()) {
                throw ((Control.Goodbye) frame.control()).reason();
            } else {
                answers.put(frame.header().requestId(), frame.response());
            }
        }
        return answers.remove(id);
    }

    // --- frames

    void send(Control control) throws IOException {
        byte[] payload = new byte[Controls.payloadBytes(control)];
        Controls.encode(control, MemorySegment.ofArray(payload));
        write(frame(payload, control.type().code(), 0, 0, 0, 0, 0));
    }

    static byte[] frame(
            byte[] payload, int type, int flags, long id, long incarnation, long acknowledged, int deadline) {
        byte[] frame = new byte[FrameHeader.BYTES + payload.length + FrameHeader.TRAILER];
        FrameHeaders.encode(
                MemorySegment.ofArray(frame), 0, payload.length, type, flags, id, incarnation, acknowledged, deadline);
        System.arraycopy(payload, 0, frame, FrameHeader.BYTES, payload.length);
        ByteBuffer.wrap(frame)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(frame.length - FrameHeader.TRAILER, FrameHeaders.crc(MemorySegment.ofArray(payload)));
        return frame;
    }

    void write(byte... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    Frame receive() throws IOException {
        byte[] head = read(FrameHeader.BYTES);
        FrameHeader header = FrameHeaders.decode(MemorySegment.ofArray(head), 0, FrameHeader.MAX_PAYLOAD);
        MemorySegment payload = MemorySegment.ofArray(read(header.payloadBytes()));
        int crc = ByteBuffer.wrap(read(FrameHeader.TRAILER))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (crc != FrameHeaders.crc(payload)) {
            throw new AssertionError("payload does not match its checksum");
        }
        return new Frame(header, payload);
    }

    private byte[] read(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("connection ended: missing=" + buffer.remaining());
            }
        }
        return buffer.array();
    }

    /// What the node says before it ends the connection, which it does.
    BtdException ended() throws IOException {
        BtdException reason = null;
        try {
            while (true) {
                Frame frame = receive();
                if (frame.header().type() == MessageType.GOODBYE.code()) {
                    reason = ((Control.Goodbye) frame.control()).reason();
                }
            }
        } catch (EOFException end) {
            if (reason == null) {
                throw new AssertionError("no goodbye", end);
            }
            return reason;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
