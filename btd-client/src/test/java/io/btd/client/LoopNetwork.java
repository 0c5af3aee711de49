// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException.NodeDown;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;
import io.btd.api.wire.FrameHeader;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A transport within one test: frames go from queue to queue, and each end has a virtual thread that delivers
/// them.
final class LoopNetwork implements TransportProvider {
    private final Map<Endpoint, Transport.Acceptor> listening = new ConcurrentHashMap<>();
    private final AtomicLong unsent = new AtomicLong();
    private final AtomicReference<@Nullable Runnable> interruption = new AtomicReference<>();

    @Override
    public String name() {
        return "loop";
    }

    /// What happens, once, while a client makes its next frame: after it has found its connection open.
    void whileEncoding(Runnable some) {
        interruption.set(some);
    }

    /// What clients' connections say of bytes that wait to be sent.
    void unsent(long bytes) {
        unsent.set(bytes);
    }

    private void interrupt() {
        Runnable some = interruption.getAndSet(null);
        if (some != null) {
            some.run();
        }
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public boolean leavesMachine() {
        return false;
    }

    @Override
    public int rank() {
        return 1;
    }

    @Override
    public Transport open(TransportOptions options) {
        return new Loop();
    }

    /// Takes connections at an address from now on.
    Endpoint listen(String address, Transport.Acceptor acceptor) {
        Endpoint endpoint = new Endpoint(name(), address);
        listening.put(endpoint, acceptor);
        return endpoint;
    }

    /// Refuses connections.
    void refuse(Endpoint endpoint) {
        listening.remove(endpoint);
    }

    private final class Loop implements Transport {
        private final Map<End, Boolean> open = new ConcurrentHashMap<>();

        @Override
        public String name() {
            return "loop";
        }

        @Override
        public Listener listen(Endpoint endpoint, Acceptor acceptor) {
            throw new UnsupportedOperationException("nodes listen by themselves");
        }

        @Override
        public Connection connect(Endpoint endpoint, FrameHandler handler, Duration timeout) {
            Acceptor acceptor = listening.get(endpoint);
            if (acceptor == null) {
                throw new NodeDown(0, "nobody listens: endpoint=" + endpoint, "listen");
            }
            End mine = new End(LoopNetwork.this::interrupt, unsent::get);
            End theirs = new End(() -> {}, () -> 0);
            mine.begin(theirs, handler);
            theirs.begin(mine, acceptor.accepted(theirs));
            open.put(mine, true);
            return mine;
        }

        @Override
        public void close() {
            open.keySet().forEach(End::close);
        }
    }

    /// One end of a connection.
    static final class End implements Connection {
        private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        private final AtomicBoolean open = new AtomicBoolean(true);
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final CompletableFuture<End> peer = new CompletableFuture<>();
        private final CompletableFuture<FrameHandler> handler = new CompletableFuture<>();
        private final Runnable interruption;
        private final LongSupplier unsent;

        private End(Runnable interruption, LongSupplier unsent) {
            this.interruption = interruption;
            this.unsent = unsent;
        }

        private void begin(End other, FrameHandler told) {
            peer.complete(other);
            handler.complete(told);
            thread.set(Thread.ofVirtual().start(this::deliver));
        }

        private void deliver() {
            try {
                while (open.get() || !work.isEmpty()) {
                    work.take().run();
                }
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            handler.join().closed(new NodeDown(0, "connection closed", "connect again"));
        }

        @Override
        public Outbound allocate(int payloadBytes) {
            interruption.run();
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
            MemorySegment payload = frame.payload();
            FrameHeader header = new FrameHeader(
                    (int) payload.byteSize(), type, flags, requestId, incarnation, acknowledged, deadlineMillis);
            End to = peer.join();
            if (open.get() && to.open.get()) {
                to.work.add(() -> {
                    to.handler.join().frame(new Arrived(header, payload));
                    payload.fill((byte) 0xdd);
                });
            }
        }

        /// A part of a frame arrives at the other end; returns when it has been told.
        void sendPart() throws InterruptedException {
            End to = peer.join();
            CountDownLatch told = new CountDownLatch(1);
            to.work.add(() -> {
                to.handler.join().arriving();
                told.countDown();
            });
            told.await();
        }

        @Override
        public long unsent() {
            return unsent.getAsLong();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable some) {
            work.add(some);
        }

        @Override
        public boolean onThread() {
            return Thread.currentThread() == thread.get();
        }

        @Override
        public boolean isOpen() {
            return open.get();
        }

        @Override
        public String transport() {
            return "loop";
        }

        @Override
        public String peer() {
            return "loop";
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                work.add(() -> {});
                End other = peer.join();
                other.work.add(other::close);
            }
        }
    }

    private record Frame(MemorySegment payload) implements Connection.Outbound {
        @Override
        public void discard() {
            // the garbage collector's
        }
    }

    /// A frame whose bytes are gone once the handler has returned, as those of a real transport are.
    private record Arrived(FrameHeader header, MemorySegment payload) implements FrameHandler.Inbound {
        @Override
        public void retain() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {
            throw new UnsupportedOperationException();
        }
    }
}
