// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// What Netty wants of a channel that carries bytes, whose output ends by itself and whose input ends with it.
abstract class StreamChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, StreamBuffers.RECEIVES);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private volatile boolean outputEnded;

    StreamChannel(@Nullable Channel parent) {
        super(parent);
    }

    /// Says to the peer that no more comes.
    abstract void endOutput() throws IOException;

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SingleThreadEventLoop;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a connection takes the address of the device that leads to its peer");
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("only bytes can be sent: message=" + message.getClass());
    }

    @Override
    protected void doShutdownOutput() throws Exception {
        outputEnded = true;
        endOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return !isActive();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputEnded || !isActive();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        AbstractUnsafe unsafe = (AbstractUnsafe) unsafe();
        if (eventLoop().inEventLoop()) {
            unsafe.shutdownOutput(promise);
        } else {
            eventLoop().execute(() -> unsafe.shutdownOutput(promise));
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException("both halves of the input end together"));
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
    }
}
