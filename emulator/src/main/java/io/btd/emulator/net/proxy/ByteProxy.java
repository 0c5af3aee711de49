// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A TCP link that can be broken on purpose. Listens on loopback; every connection is carried on to a target, which may
/// be another one after the server behind it moved. Faults are set per direction while bytes flow, and the
/// same seed splits the stream at the same places.
///
/// Thread-safe. Its threads are virtual: one that accepts and two per connection. After [#close] no thread, socket or
/// port is left. The port is its own from the start to the close, even while connections are refused.
public final class ByteProxy implements AutoCloseable {
    private final SocketChannel placeholder;
    private final InetSocketAddress address;
    private final LinkGate toServer = new LinkGate();
    private final LinkGate toClient = new LinkGate();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> silent = ConcurrentHashMap.newKeySet();
    private final SplittableRandom seeds;
    private volatile InetSocketAddress target;
    private volatile Admission admission = Admission.OPEN;
    private @Nullable ServerSocketChannel listener;
    private @Nullable Thread acceptor;
    private boolean closed;

    /// Listens on a free port of the loopback address.
    ///
    /// @throws UncheckedIOException when there is none
    public ByteProxy(InetSocketAddress target, long seed) {
        this.target = target;
        seeds = new SplittableRandom(seed);
        try {
            // Bound and never listening: it keeps the port, and the kernel refuses whoever connects.
            placeholder = SocketChannel.open();
            placeholder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            placeholder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            address = (InetSocketAddress) placeholder.getLocalAddress();
            listen();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on loopback", e);
        }
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return address;
    }

    /// Carries connections from now on to another place.
    public void target(InetSocketAddress elsewhere) {
        target = elsewhere;
    }

    /// Sets what one direction suffers, instead of what it suffered.
    public void set(Direction direction, LinkFault fault) {
        gate(direction).set(fault);
    }

    /// Sets what both directions suffer.
    public void set(LinkFault fault) {
        toServer.set(fault);
        toClient.set(fault);
    }

    /// Resets every connection that is there.
    public void resetAll() {
        connections.forEach(ProxiedConnection::reset);
    }

    /// Ends every connection that is there, in order.
    public void closeAll() {
        connections.forEach(ProxiedConnection::close);
    }

    /// Sets what becomes of those who connect.
    ///
    /// @throws UncheckedIOException when it cannot listen again
    public synchronized void admit(Admission next) {
        if (closed || next == admission) {
            return;
        }
        admission = next;
        try {
            if (next == Admission.REFUSED) {
                stopListening();
            } else if (listener == null) {
                listen();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen again: address=" + address, e);
        }
    }

    /// Lifts all faults and admits everybody; connections that nobody answered are reset.
    public void heal() {
        set(LinkFault.NONE);
        admit(Admission.OPEN);
        silent.forEach(ByteProxy::reset);
        silent.clear();
    }

    /// How many connections there are now.
    public int connections() {
        return connections.size();
    }

    /// How many bytes went through a direction, those of ended connections included.
    public long forwarded(Direction direction) {
        return gate(direction).forwarded();
    }

    private LinkGate gate(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private void listen() throws IOException {
        ServerSocketChannel fresh = ServerSocketChannel.open();
        fresh.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        fresh.bind(address);
        listener = fresh;
        acceptor = Thread.ofVirtual().start(() -> accept(fresh));
    }

    private void stopListening() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        if (acceptor != null) {
            join(acceptor);
            acceptor = null;
        }
    }

    private void accept(ServerSocketChannel from) {
        while (true) {
            SocketChannel client;
            try {
                client = from.accept();
            } catch (IOException closedNow) {
                return;
            }
            if (admission == Admission.SILENT) {
                silent.add(client);
            } else {
                connect(client);
            }
        }
    }

    private void connect(SocketChannel client) {
        SocketChannel server;
        try {
            server = SocketChannel.open(target);
            server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException nobodyThere) {
            reset(client);
            return;
        }
        ProxiedConnection connection =
                new ProxiedConnection(client, server, toServer, toClient, seeds.nextLong(), connections::remove);
        connections.add(connection);
        connection.start();
    }

    private static void reset(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            // Then there is nothing to reset.
        }
        ProxiedConnection.close(channel);
    }

    /// Ends everything and waits until it has ended.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            try {
                stopListening();
                placeholder.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close: address=" + address, e);
            }
        }
        toServer.close();
        toClient.close();
        List<ProxiedConnection> open = List.copyOf(connections);
        open.forEach(ProxiedConnection::close);
        open.forEach(ProxiedConnection::join);
        silent.forEach(ProxiedConnection::close);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
