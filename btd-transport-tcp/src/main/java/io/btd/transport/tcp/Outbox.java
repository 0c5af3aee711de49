// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Frames on their way out of one connection, so that many leave by one system call. Other threads put theirs in a
/// queue, which one task empties: the first of a burst wakes the I/O thread, the others find the task under
/// way. What the I/O thread sends while it reads a burst leaves when the burst is over. Thread-safe where not said
/// otherwise.
final class Outbox {
    /// So much is not held back for the sake of company.
    private static final int FLUSH_AT = 64 << 10;
    /// After so many frames other connections of the thread have their turn.
    private static final int TURN = 1024;
    /// Netty's number for our reason of not being writable: the queue, which its own count does not see.
    private static final int QUEUE = 1;

    private final Channel channel;
    private final int highWatermark;
    private final Queue<ByteBuf> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean closed;

    // Of the I/O thread.
    private boolean inBurst;
    private int unflushed;

    Outbox(Channel channel, int highWatermark) {
        this.channel = channel;
        this.highWatermark = highWatermark;
    }

    /// Sends, or releases where it is too late.
    void send(ByteBuf frame) {
        if (channel.eventLoop().inEventLoop()) {
            if (closed) {
                frame.release();
                return;
            }
            write(frame);
            if (!inBurst && unflushed > 0) {
                schedule();
            }
            return;
        }
        long waiting = queued.addAndGet(frame.readableBytes());
        queue.add(frame);
        if (waiting > highWatermark) {
            // Before the task is scheduled, which takes it back: so it is never left standing.
            setWritable(false);
        }
        schedule();
        if (closed) {
            discard();
        }
    }

    /// I/O thread: what is sent from now on leaves with [#endBurst].
    void beginBurst() {
        inBurst = true;
    }

    /// I/O thread.
    void endBurst() {
        inBurst = false;
        flush();
    }

    /// I/O thread: takes no more; the answer is done when what waited has left.
    ChannelFuture finish() {
        while (!queue.isEmpty()) {
            drain();
        }
        closed = true;
        unflushed = 0;
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /// The channel is closed: releases what waits, and what may still come.
    void close() {
        closed = true;
        discard();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this::drain);
            } catch (RejectedExecutionException e) {
                close();
            }
        }
    }

    private void drain() {
        scheduled.set(false);
        long bytes = 0;
        for (int i = 0; i < TURN; i++) {
            ByteBuf frame = queue.poll();
            if (frame == null) {
                break;
            }
            bytes += frame.readableBytes();
            if (closed) {
                frame.release();
            } else {
                write(frame);
            }
        }
        long waiting = queued.addAndGet(-bytes);
        flush();
        if (waiting <= highWatermark) {
            setWritable(true);
        }
        if (!queue.isEmpty()) {
            schedule();
        }
    }

    private void write(ByteBuf frame) {
        unflushed += frame.readableBytes();
        var _ = channel.write(frame, channel.voidPromise());
        if (unflushed >= FLUSH_AT) {
            flush();
        }
    }

    private void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            channel.flush();
        }
    }

    private void setWritable(boolean writable) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer != null) {
            buffer.setUserDefinedWritability(QUEUE, writable);
        }
    }

    private void discard() {
        for (ByteBuf frame = queue.poll(); frame != null; frame = queue.poll()) {
            queued.addAndGet(-frame.readableBytes());
            frame.release();
        }
    }
}
