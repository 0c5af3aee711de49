// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.transport.Connection;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Requests;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A connection without a network: frames are handed in by the test's thread, which is also the connection's, and
/// those that are sent are kept.
final class FakeConnection implements Connection {
    record Sent(int type, long id, MemorySegment payload) {
        Control control() {
            return Controls.decode(type, payload);
        }

        Response response() {
            return Responses.decode(type, payload);
        }
    }

    final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    final Deque<Boolean> reading = new ArrayDeque<>();
    private final Thread thread = Thread.currentThread();
    volatile boolean writable = true;
    volatile boolean open = true;

    private record Frame(MemorySegment payload) implements Outbound {
        @Override
        public void discard() {}
    }

    @Override
    public Outbound allocate(int payloadBytes) {
        return new Frame(MemorySegment.ofArray(new byte[payloadBytes]));
    }

    @Override
    public void send(
            Outbound frame,
            int type,
            int flags,
            long requestId,
            long incarnation,
            long acknowledged,
            int deadlineMillis) {
        if (open) {
            sent.add(new Sent(type, requestId, frame.payload()));
        }
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void setReading(boolean reading) {
        this.reading.add(reading);
    }

    @Override
    public void execute(Runnable work) {
        tasks.add(work);
    }

    /// Waits for work that others gave this thread, and does it.
    void runTask() throws InterruptedException {
        tasks.take().run();
    }

    @Override
    public boolean onThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String transport() {
        return "fake";
    }

    @Override
    public String peer() {
        return "test";
    }

    @Override
    public void close() {
        open = false;
    }

    // --- what arrives

    private record Arrived(FrameHeader header, MemorySegment payload) implements FrameHandler.Inbound {
        @Override
        public void retain() {}

        @Override
        public void release() {}
    }

    static FrameHandler.Inbound hello() {
        Control hello = new Control.Hello(1, 1, 0, 1, 2, 0, new byte[32], "btd");
        MemorySegment payload = MemorySegment.ofArray(new byte[Controls.payloadBytes(hello)]);
        Controls.encode(hello, payload);
        return new Arrived(
                new FrameHeader((int) payload.byteSize(), MessageType.HELLO.code(), 0, 0, 0, 0, 0),
                payload.asReadOnly());
    }

    static FrameHandler.Inbound request(Request request, long id, long incarnation, int deadlineMillis) {
        MemorySegment payload = MemorySegment.ofArray(new byte[Requests.payloadBytes(request)]);
        Requests.encode(request, payload);
        return new Arrived(
                new FrameHeader((int) payload.byteSize(), request.type().code(), 0, id, incarnation, 0, deadlineMillis),
                payload.asReadOnly());
    }
}
