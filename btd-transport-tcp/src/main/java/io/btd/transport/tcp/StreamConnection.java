// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import io.btd.api.transport.Connection;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One socket, as those who send frames see it. Thread-safe.
final class StreamConnection implements Connection {
    private final Channel channel;
    private final String transport;
    private final String peer;
    private final Outbox outbox;
    private final Ending ending;
    private final FrameReader reader;

    StreamConnection(Channel channel, String peer, ConnectionParts parts, Opening opening) {
        this.channel = channel;
        this.transport = parts.transport();
        this.peer = peer;
        this.outbox = new Outbox(channel, parts.options().highWatermark());
        this.ending = new Ending(channel, outbox, parts.options().frameTimeout());
        this.reader = new FrameReader(this, channel, parts, outbox, ending, opening);
    }

    /// What stands in the channel's pipeline for this connection.
    FrameReader reader() {
        return reader;
    }

    @Override
    public Outbound allocate(int payloadBytes) {
        if (payloadBytes < 0 || payloadBytes > FrameHeader.MAX_PAYLOAD) {
            throw new BtdException.InvalidSize(
                    "payload cannot be carried: bytes=" + payloadBytes + ", limit=" + FrameHeader.MAX_PAYLOAD,
                    "split it into several frames");
        }
        return new OutboundFrame(channel.alloc(), payloadBytes);
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
        OutboundFrame made = (OutboundFrame) frame;
        if (ending.begun()) {
            made.discard();
        } else {
            outbox.send(made.seal(type, flags, requestId, incarnation, acknowledged, deadlineMillis));
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public long unsent() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes() - waiting.currentProgress();
    }

    @Override
    public void setReading(boolean reading) {
        onLoop(() -> reader.setWanted(reading));
    }

    @Override
    public void execute(Runnable work) {
        try {
            channel.eventLoop().execute(work);
        } catch (RejectedExecutionException e) {
            throw new BtdException.Closed("transport is closed: transport=" + transport + ", peer=" + peer);
        }
    }

    @Override
    public @Nullable Turn turn() {
        return channel.eventLoop() instanceof SharedLoop loop ? loop.turn() : null;
    }

    @Override
    public boolean onThread() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public boolean isOpen() {
        return !ending.begun() && channel.isActive();
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        end(new BtdException.Closed("connection was closed here: transport=" + transport + ", peer=" + peer));
    }

    /// Ends in good order; the first reason counts.
    void end(BtdException reason) {
        if (ending.because(reason)) {
            onLoop(() -> {
                reader.discardFromNowOn();
                ending.begin(reader::tellClosed);
            });
        }
    }

    /// I/O thread: the peer broke the protocol; it is told.
    void refuse(BtdException.Protocol reason) {
        if (ending.because(reason)) {
            Control goodbye = new Control.Goodbye(reason);
            OutboundFrame frame = new OutboundFrame(channel.alloc(), Controls.payloadBytes(goodbye));
            Controls.encode(goodbye, frame.payload());
            outbox.send(frame.seal(goodbye.type().code(), 0, 0, 0, 0, 0));
            reader.discardFromNowOn();
            ending.begin(reader::tellClosed);
        }
    }

    @Override
    public String toString() {
        return transport + " connection to " + peer;
    }

    private void onLoop(Runnable work) {
        if (onThread()) {
            work.run();
            return;
        }
        try {
            channel.eventLoop().execute(work);
        } catch (RejectedExecutionException e) {
            // The thread has ended, and closed the connection before.
            outbox.close();
        }
    }
}
