// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;

/// The sockets a transport is made of: which family, and by which of Netty's ways they are reached. epoll where the
/// machine has it, the JDK's selectors elsewhere.
@SuppressWarnings("ImmutableEnumChecker") // What the constants hold has no state, which their types do not say.
enum SocketMedium implements Medium {
    EPOLL_TCP(
            TcpProvider.NAME,
            EpollIoHandler::newFactory,
            EpollSocketChannel::new,
            EpollServerSocketChannel::new,
            new InetAddresses(TcpProvider.NAME)) {
        @Override
        public void tune(ChannelConfig config) {
            tuneTcp(config);
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEP_ALIVE_IDLE);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEP_ALIVE_INTERVAL);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES);
        }
    },
    NIO_TCP(
            TcpProvider.NAME,
            NioIoHandler::newFactory,
            NioSocketChannel::new,
            NioServerSocketChannel::new,
            new InetAddresses(TcpProvider.NAME)) {
        @Override
        public void tune(ChannelConfig config) {
            tuneTcp(config);
            config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEP_ALIVE_IDLE);
            config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), KEEP_ALIVE_INTERVAL);
            config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEP_ALIVE_PROBES);
        }
    },
    EPOLL_UDS(
            UdsProvider.NAME,
            EpollIoHandler::newFactory,
            EpollDomainSocketChannel::new,
            EpollServerDomainSocketChannel::new,
            new SocketFiles(path -> new DomainSocketAddress(path.toString()))),
    NIO_UDS(
            UdsProvider.NAME,
            NioIoHandler::newFactory,
            NioDomainSocketChannel::new,
            NioServerDomainSocketChannel::new,
            new SocketFiles(UnixDomainSocketAddress::of));

    /// A peer whose machine vanished is noticed after 30 + 3 x 10 seconds, even when nothing is sent to it.
    private static final int KEEP_ALIVE_IDLE = 30;

    private static final int KEEP_ALIVE_INTERVAL = 10;
    private static final int KEEP_ALIVE_PROBES = 3;

    private final String transport;
    private final Supplier<IoHandlerFactory> io;
    private final ChannelFactory<? extends Channel> connecting;
    private final ChannelFactory<? extends ServerChannel> listening;
    private final Addresses addresses;

    SocketMedium(
            String transport,
            Supplier<IoHandlerFactory> io,
            ChannelFactory<? extends Channel> connecting,
            ChannelFactory<? extends ServerChannel> listening,
            Addresses addresses) {
        this.transport = transport;
        this.io = io;
        this.connecting = connecting;
        this.listening = listening;
        this.addresses = addresses;
    }

    /// The best for `tcp` here.
    static SocketMedium tcp() {
        return Epoll.isAvailable() ? EPOLL_TCP : NIO_TCP;
    }

    /// The best for `uds` here.
    static SocketMedium uds() {
        return Epoll.isAvailable() ? EPOLL_UDS : NIO_UDS;
    }

    /// Whether there are Unix domain sockets here.
    static boolean udsAvailable() {
        if (Epoll.isAvailable()) {
            return true;
        }
        try (SocketChannel tried = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return tried.isOpen();
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public IoHandlerFactory io() {
        return io.get();
    }

    @Override
    public ChannelFactory<? extends Channel> connecting() {
        return connecting;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> listening() {
        return listening;
    }

    @Override
    public Addresses addresses() {
        return addresses;
    }

    @Override
    public void tune(ChannelConfig config) {
        // Nothing: a Unix domain socket delays nothing and always knows whether its peer lives.
    }

    @Override
    public void tuneListener(ChannelConfig config) {
        if (transport.equals(TcpProvider.NAME)) {
            config.setOption(ChannelOption.SO_REUSEADDR, true);
        }
    }

    private static void tuneTcp(ChannelConfig config) {
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
    }
}
