// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Frames over streams of bytes, sockets for one. It has its own threads and its own pool of buffers, and nothing of it
/// is left when it is
/// closed. Thread-safe.
public final class StreamTransport implements Transport {
    private static final int BACKLOG = 1024;
    /// How long peers may take to say goodbye when the whole transport closes.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Medium medium;
    private final TransportOptions options;
    private final IoThreads threads;
    private final PooledByteBufAllocator buffers;
    private final Staging staging;
    private final ConnectionParts parts;
    private final ChannelGroup listeners = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final AtomicBoolean closed = new AtomicBoolean();

    /// A transport over a medium, which it closes in the end.
    public StreamTransport(Medium medium, TransportOptions options) {
        this.medium = medium;
        this.options = options;
        this.threads = new IoThreads(medium, options);
        this.buffers = new PooledByteBufAllocator(
                true,
                0,
                threads.count(),
                PooledByteBufAllocator.defaultPageSize(),
                PooledByteBufAllocator.defaultMaxOrder(),
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
        this.staging = new Staging(options.stagingLimit());
        this.parts = new ConnectionParts(medium.transport(), options, staging);
    }

    @Override
    public String name() {
        return medium.transport();
    }

    @Override
    public Listener listen(Endpoint endpoint, Acceptor acceptor) {
        SocketAddress address = medium.addresses().local(addressOf(endpoint));
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(threads.group())
                .channelFactory(() -> {
                    ServerChannel channel = medium.listening().newChannel();
                    medium.tuneListener(channel.config());
                    return channel;
                })
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, watermarks())
                .childHandler(initializer(channel -> begin(channel, peer(channel, endpoint), acceptor::accepted)));
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BtdException.InvalidConfig(
                    "cannot listen: endpoint=" + endpoint + ", reason=" + reason(bound),
                    "listen elsewhere, or stop who listens there");
        }
        Channel channel = bound.channel();
        Addresses.Bound place = medium.addresses().bound(endpoint.address(), channel.localAddress());
        listeners.add(channel);
        return new StreamListener(channel, new Endpoint(name(), place.address()), place.leave());
    }

    @Override
    public Connection connect(Endpoint endpoint, FrameHandler handler, Duration timeout) {
        SocketAddress address = medium.addresses().remote(addressOf(endpoint));
        CompletableFuture<StreamConnection> made = new CompletableFuture<>();
        ChannelFuture connected = new Bootstrap()
                .group(threads.group())
                .channelFactory(medium.connecting())
                .option(ChannelOption.ALLOCATOR, buffers)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, watermarks())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(timeout))
                .handler(initializer(
                        channel -> made.complete(begin(channel, endpoint.toString(), connection -> handler))))
                .connect(address)
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new BtdException.NodeDown(
                    0,
                    "cannot connect: endpoint=" + endpoint + ", reason=" + reason(connected),
                    "check that the node runs and listens there");
        }
        return made.join();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        var _ = listeners.close();
        for (Channel channel : connections) {
            FrameReader reader = channel.pipeline().get(FrameReader.class);
            if (reader != null) {
                reader.connection().close();
            }
        }
        if (!threads.includesCaller()) {
            connections.newCloseFuture().awaitUninterruptibly(PATIENCE.toMillis());
        }
        threads.end(PATIENCE);
        medium.close();
    }

    /// Its pool, for tests.
    PooledByteBufAllocator buffers() {
        return buffers;
    }

    /// Its threads, for tests.
    IoThreads threads() {
        return threads;
    }

    /// What is open, for tests.
    ChannelGroup connections() {
        return connections;
    }

    /// What is being staged, for tests.
    Staging staging() {
        return staging;
    }

    private StreamConnection begin(Channel channel, String peer, Opening opening) {
        medium.tune(channel.config());
        StreamConnection connection = new StreamConnection(channel, peer, parts, opening);
        channel.pipeline().addLast(connection.reader());
        connections.add(channel);
        if (closed.get()) {
            var _ = channel.close();
        }
        return connection;
    }

    private String addressOf(Endpoint endpoint) {
        if (closed.get()) {
            throw new BtdException.Closed("transport is closed: transport=" + name());
        }
        if (!endpoint.transport().equals(name())) {
            throw new BtdException.InvalidConfig(
                    "endpoint of another transport: endpoint=" + endpoint + ", transport=" + name(),
                    "open that transport for it");
        }
        return endpoint.address();
    }

    private WriteBufferWaterMark watermarks() {
        return new WriteBufferWaterMark(options.lowWatermark(), options.highWatermark());
    }

    private static ChannelInitializer<Channel> initializer(Consumer<Channel> begin) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                begin.accept(channel);
            }
        };
    }

    private static String peer(Channel channel, Endpoint endpoint) {
        String address = channel.remoteAddress() instanceof java.net.InetSocketAddress
                ? channel.remoteAddress().toString().replace("/", "")
                : endpoint.address();
        return endpoint.transport() + ":" + address;
    }

    private static String reason(ChannelFuture failed) {
        Throwable cause = failed.cause();
        return cause == null ? "unknown" : String.valueOf(cause.getMessage());
    }

    private static int millis(Duration timeout) {
        return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
    }
}
