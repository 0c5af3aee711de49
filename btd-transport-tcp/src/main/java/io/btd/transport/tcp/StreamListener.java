// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Endpoint;
import io.btd.api.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// A socket that listens. Thread-safe.
final class StreamListener implements Transport.Listener {
    private final Channel channel;
    private final Endpoint endpoint;

    StreamListener(Channel channel, Endpoint endpoint, Runnable leave) {
        this.channel = channel;
        this.endpoint = endpoint;
        channel.closeFuture().addListener(closed -> leave.run());
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        if (channel.eventLoop().inEventLoop()) {
            var _ = channel.close();
        } else {
            var _ = channel.close().awaitUninterruptibly();
            if (channel instanceof NioServerSocketChannel || channel instanceof NioServerDomainSocketChannel) {
                awaitNextSelect();
            }
        }
    }

    /// NIO lets go of a socket, which takes connections until then, only when its selector is asked again.
    private void awaitNextSelect() {
        try {
            channel.eventLoop().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        } catch (RejectedExecutionException ended) {
            // the thread has ended, and its selector with it
        }
    }
}
