// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Starter;
import io.btd.benchmarks.load.Window;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Sends 64 bytes from a caller's thread through an event loop with epoll; what comes back ends operations in the
/// order of their start. The event loop wakes the caller, which is what every client with one has to do.
public final class NettyEchoClient implements Starter {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ByteBuf message =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(Value.BYTES).writeBytes(Value.of("echo")));
    private final Channel channel;
    private final int[] order;
    private volatile @Nullable Window window;
    private long started;

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the threads
    private NettyEchoClient(SocketAddress address, int depth) throws IOException {
        order = new int[depth];
        boolean unix = address instanceof DomainSocketAddress;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(unix ? EpollDomainSocketChannel.class : EpollSocketChannel.class)
                .handler(new Answers());
        if (!unix) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        ChannelFuture connected = bootstrap.connect(address).awaitUninterruptibly();
        if (!connected.isSuccess()) {
            loop.shutdownGracefully();
            throw new IOException("no connection: address=" + address, connected.cause());
        }
        channel = connected.channel();
    }

    /// Connects.
    ///
    /// @param depth of the window; a power of two
    public static NettyEchoClient open(SocketAddress address, int depth) throws IOException {
        return new NettyEchoClient(address, depth);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the answer tells
    public void start(int slot, Window into) {
        window = into;
        // The event loop reads it behind the answer to the write, which comes behind the write.
        order[(int) (started++ & (order.length - 1))] = slot;
        channel.write(message.duplicate(), channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Answers extends ChannelInboundHandlerAdapter {
        private long ended;
        private int pending;

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            ByteBuf bytes = (ByteBuf) read;
            pending += bytes.readableBytes();
            bytes.release();
            Window waiting = window;
            for (; waiting != null && pending >= Value.BYTES; pending -= Value.BYTES) {
                waiting.ended(order[(int) (ended++ & (order.length - 1))]);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(new IOException("the echo closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable reason) {
            fail(reason);
        }

        private void fail(Throwable reason) {
            Window waiting = window;
            if (waiting != null) {
                waiting.failed(reason);
            }
        }
    }
}
