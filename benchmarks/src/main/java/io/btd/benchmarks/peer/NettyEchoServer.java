// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;

/// Sends back what comes, on one event loop with epoll; flushes when there is nothing more to read.
final class NettyEchoServer {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    /// Listens until the process ends.
    ///
    /// @return where
    SocketAddress listen(SocketAddress at) throws InterruptedException {
        Class<? extends ServerChannel> type = at instanceof DomainSocketAddress
                ? EpollServerDomainSocketChannel.class
                : EpollServerSocketChannel.class;
        return new ServerBootstrap()
                .group(loop)
                .channel(type)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(at)
                .sync()
                .channel()
                .localAddress();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the client sees it
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.write(bytes, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the end of the connection
        public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
            context.close();
        }
    }
}
