// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import io.btd.api.transport.Connection;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A handler that writes down what it is told. Waiting ends with a failure after a minute.
class Seen implements FrameHandler {
    /// What is kept of a frame.
    record Frame(FrameHeader header, int crc) {}

    final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final AtomicLong count = new AtomicLong();
    final AtomicInteger parts = new AtomicInteger();
    final AtomicInteger bursts = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final CompletableFuture<BtdException> closed = new CompletableFuture<>();
    final LinkedBlockingQueue<Boolean> writable = new LinkedBlockingQueue<>();
    volatile @Nullable Connection connection;

    @Override
    public void frame(Inbound frame) {
        count.incrementAndGet();
        frames.add(new Frame(frame.header(), FrameHeaders.crc(frame.payload())));
    }

    @Override
    public void arriving() {
        parts.incrementAndGet();
    }

    @Override
    public void writable() {
        writable.add(true);
    }

    @Override
    public void burstEnded() {
        bursts.incrementAndGet();
    }

    @Override
    public void closed(BtdException why) {
        ends.incrementAndGet();
        closed.complete(why);
    }

    Connection connection() {
        return Objects.requireNonNull(connection);
    }

    Frame next() throws InterruptedException {
        Frame frame = frames.poll(1, TimeUnit.MINUTES);
        if (frame == null) {
            throw new AssertionError("no frame arrived: count=" + count);
        }
        return frame;
    }

    BtdException why() {
        return closed.orTimeout(1, TimeUnit.MINUTES).join();
    }
}
