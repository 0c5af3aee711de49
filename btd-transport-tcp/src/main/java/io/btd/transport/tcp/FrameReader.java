// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The receiving half of a connection: Netty's events become calls of the [FrameHandler]. Everything happens on the
/// connection's I/O thread.
///
/// What was read and cannot be delivered yet, because the handler wants nothing for now or staging is short, stays in
/// `unread`, in order; then nothing more is read. One exception: a frame that takes staging from others is read to
/// its end even if the handler wants nothing, so that nobody waits for a handler.
final class FrameReader extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(FrameReader.class.getName());

    private final StreamConnection connection;
    private final Channel channel;
    private final Outbox outbox;
    private final Ending ending;
    private final Opening opening;
    private final Staging.Share staging;
    private final FrameAssembler assembler;
    private final FrameClock clock;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();

    private @Nullable FrameHandler handler;
    private boolean wanted = true;
    private boolean waitsForStaging;
    private boolean reading = true;
    private boolean delivering;
    private boolean deliveredInBurst;
    private long begun;

    FrameReader(
            StreamConnection connection,
            Channel channel,
            ConnectionParts parts,
            Outbox outbox,
            Ending ending,
            Opening opening) {
        this.connection = connection;
        this.channel = channel;
        this.outbox = outbox;
        this.ending = ending;
        this.opening = opening;
        this.staging = parts.staging().share(this::stagingGranted);
        int maxPayload = Math.min(parts.options().maxPayload(), FrameHeader.MAX_PAYLOAD);
        this.assembler = new FrameAssembler(channel.alloc(), maxPayload, staging);
        this.clock = new FrameClock(channel.eventLoop(), parts.options().frameTimeout(), this::tooSlow);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        try {
            handler = opening.open(connection);
            share(handler);
        } catch (Throwable e) {
            LOG.log(Level.DEBUG, "connection refused by its acceptor: connection=" + connection, e);
            var _ = channel.close();
        }
    }

    /// The loop does not leave its thread while the handler expects frames.
    private void share(FrameHandler opened) {
        if (channel.eventLoop() instanceof SharedLoop loop) {
            BooleanSupplier expects = opened::expectsFrames;
            loop.add(expects);
            var _ = channel.closeFuture().addListener(_ -> loop.remove(expects));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        unread.addLast((ByteBuf) message);
        outbox.beginBurst();
        deliver();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (assembler.inFrame() && handler != null && !ending.begun()) {
            call(handler::arriving);
        }
        endBurst();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // Not at once: this may be inside a send of the handler.
        channel.eventLoop().execute(() -> {
            if (handler != null && !ending.begun() && channel.isWritable()) {
                call(handler::writable);
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!ending.begun()) {
            // The peer sent these before it left. No more will come, so they take neither turns nor staging.
            wanted = true;
            waitsForStaging = false;
            assembler.lastOnes();
            deliver();
            endBurst();
        }
        ending.because(lost(assembler.inFrame() ? "inside a frame, arrived=" + assembler.arrived() : "between frames"));
        ending.done();
        clock.stop();
        discard();
        tellClosed();
    }

    /// Tells the handler, once.
    void tellClosed() {
        if (handler != null) {
            FrameHandler told = handler;
            handler = null;
            try {
                told.closed(ending.why());
            } catch (Throwable e) {
                LOG.log(Level.WARNING, "handler failed at the end of its connection: connection=" + connection, e);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            ending.because(lost(cause.getMessage() == null ? cause.toString() : cause.getMessage()));
            var _ = channel.close();
        } else {
            failed(cause);
        }
    }

    StreamConnection connection() {
        return connection;
    }

    /// Whether the handler wants frames.
    void setWanted(boolean on) {
        wanted = on;
        resume();
    }

    /// The connection ends: whatever comes is thrown away, and read so that the peer's end is seen.
    void discardFromNowOn() {
        clock.stop();
        discard();
        settle();
    }

    private void stagingGranted() {
        try {
            channel.eventLoop().execute(() -> {
                waitsForStaging = false;
                resume();
            });
        } catch (RejectedExecutionException e) {
            staging.release();
        }
    }

    private void resume() {
        if (!delivering && handler != null && !unread.isEmpty()) {
            outbox.beginBurst();
            deliver();
            endBurst();
        }
        settle();
    }

    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (!unread.isEmpty() && !waitsForStaging && (wanted || assembler.holdsStaging())) {
                if (ending.begun()) {
                    break;
                }
                ByteBuf in = unread.getFirst();
                FrameAssembler.Taken taken = assembler.take(in, this::receive);
                waitsForStaging = taken == FrameAssembler.Taken.UNTIL_GRANTED;
                if (!in.isReadable()) {
                    unread.removeFirst().release();
                }
            }
        } catch (BtdException.Protocol refused) {
            connection.refuse(refused);
        } finally {
            delivering = false;
        }
        if (ending.begun()) {
            discard();
        }
        settle();
    }

    private boolean receive(InboundFrame frame) {
        if (handler != null) {
            FrameHandler receiver = handler;
            deliveredInBurst = true;
            call(() -> receiver.frame(frame));
        }
        return wanted && !ending.begun();
    }

    private void endBurst() {
        if (deliveredInBurst) {
            deliveredInBurst = false;
            if (handler != null && !ending.begun()) {
                call(handler::burstEnded);
            }
        }
        outbox.endBurst();
    }

    /// What a handler throws ends its connection, and nothing else.
    private void call(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        if (cause instanceof BtdException reason) {
            connection.end(reason);
            return;
        }
        LOG.log(Level.WARNING, "connection closed because of a failure here: connection=" + connection, cause);
        BtdException reason = new BtdException.Closed(
                "connection closed because of a failure here: connection=" + connection + ", failure=" + cause);
        reason.initCause(cause);
        connection.end(reason);
    }

    private void tooSlow() {
        connection.refuse(new BtdException.Protocol(
                0,
                "frame did not arrive in time: connection=" + connection + ", arrived=" + assembler.arrived(),
                "send frames whole, or raise the time a frame may take"));
    }

    private BtdException lost(String how) {
        return new BtdException.NodeDown(
                0, "connection lost: connection=" + connection + ", how=" + how, "connect again");
    }

    /// Reads on or not, and lets the clock run or stand, as the state of things demands.
    private void settle() {
        boolean on = ending.begun() || unread.isEmpty() && !waitsForStaging && (wanted || assembler.holdsStaging());
        if (!ending.begun()) {
            if (assembler.begun() != begun) {
                begun = assembler.begun();
                clock.reset();
            }
            clock.run(on && assembler.inFrame());
        }
        if (on != reading) {
            reading = on;
            channel.config().setAutoRead(on);
        }
    }

    private void discard() {
        if (!delivering) {
            for (ByteBuf in = unread.pollFirst(); in != null; in = unread.pollFirst()) {
                in.release();
            }
            assembler.drop();
        }
    }
}
