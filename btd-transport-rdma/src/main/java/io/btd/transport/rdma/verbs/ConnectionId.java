// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// One end of a connection, or a listener. What it is asked for is reported by an event of its channel, unless said
/// otherwise. Safe for use by any thread.
///
/// Who connects: [#resolveAddress], [#resolveRoute], [#newQueuePair], [#connect]. Who listens: [#bind], [#listen];
/// and with the id of each request: [#newQueuePair], [#accept] or [#reject].
public final class ConnectionId extends Resource {
    private static final int MAX_CONNECT_DATA = 56;
    private static final int MAX_ACCEPT_DATA = 196;
    private static final int MAX_REJECT_DATA = 148;
    private static final long SOURCE = 32;
    private static final long DESTINATION = 160;

    private final EventChannel channel;
    private final long address;
    private final MemorySegment structure;

    private ConnectionId(EventChannel channel, long address) {
        super(ResourceKind.CONNECTION_ID, channel);
        this.channel = channel;
        this.address = address;
        this.structure = view(address, Structures.CM_ID);
        channel.add(address, this);
    }

    static ConnectionId open(EventChannel channel) throws VerbsException {
        return open(
                () -> {
                    channel.requireRunning();
                    long cookie = channel.verbs().newCookie();
                    long address = rdmacm(channel).createId(channel.structure(), cookie);
                    ConnectionId id = new ConnectionId(channel, address);
                    return checked(id, () -> id.check().has("context", cookie));
                },
                channel);
    }

    /// The id that came with a request.
    static ConnectionId arrived(EventChannel channel, long address) throws VerbsException {
        return open(
                () -> {
                    ConnectionId id = new ConnectionId(channel, address);
                    return checked(id, id::check);
                },
                channel);
    }

    private StructureCheck check() {
        return new StructureCheck(Structures.CM_ID, structure)
                .has("channel", channel.address())
                .has("ps", LibRdmacm.RDMA_PS_TCP);
    }

    /// Looks for the device that leads to an address.
    public void resolveAddress(InetSocketAddress destination, Duration timeout) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment there = SocketAddresses.encode(destination, arena);
            use(() -> rdmacm(channel).resolveAddr(structure, there, millis(timeout)));
        } catch (VerbsException e) {
            if (e.errno() == VerbsException.ENODEV) {
                throw Unavailable.noDevice("rdma_resolve_addr");
            }
            throw e;
        }
    }

    /// Looks for the way to the address.
    public void resolveRoute(Duration timeout) throws VerbsException {
        use(() -> rdmacm(channel).resolveRoute(structure, millis(timeout)));
    }

    /// Takes a local address. No event reports it.
    public void bind(InetSocketAddress local) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment here = SocketAddresses.encode(local, arena);
            use(() -> rdmacm(channel).bindAddr(structure, here));
        }
    }

    /// Makes the end a listener. No event reports it.
    ///
    /// @param backlog how many requests may wait
    public void listen(int backlog) throws VerbsException {
        use(() -> rdmacm(channel).listen(structure, backlog));
    }

    /// Makes the queues of the connection. No event reports it.
    public QueuePair newQueuePair(
            ProtectionDomain domain, CompletionQueue sends, CompletionQueue receives, QueuePairOptions options)
            throws VerbsException {
        return QueuePair.open(this, domain, sends, receives, options);
    }

    /// Asks the peer for the connection.
    ///
    /// @param privateData for the peer, 56 bytes at most
    public void connect(ConnectionParameters parameters, byte[] privateData) throws VerbsException {
        connect(parameters, privateData, MAX_CONNECT_DATA);
    }

    void connect(ConnectionParameters parameters, byte[] privateData, int mostData) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment encoded = parameters.encode(privateData, mostData, arena);
            use(() -> rdmacm(channel).connect(structure, encoded));
        }
    }

    /// Grants a request.
    ///
    /// @param privateData for the peer, 196 bytes at most
    public void accept(ConnectionParameters parameters, byte[] privateData) throws VerbsException {
        accept(parameters, privateData, MAX_ACCEPT_DATA);
    }

    void accept(ConnectionParameters parameters, byte[] privateData, int mostData) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment encoded = parameters.encode(privateData, mostData, arena);
            use(() -> rdmacm(channel).accept(structure, encoded));
        }
    }

    /// Refuses a request. No event reports it; the id is still to be closed.
    ///
    /// @param privateData for the peer, 148 bytes at most
    public void reject(byte[] privateData) throws VerbsException {
        reject(privateData, MAX_REJECT_DATA);
    }

    void reject(byte[] privateData, int mostData) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = ConnectionParameters.encodePrivateData(privateData, mostData, arena);
            use(() -> rdmacm(channel).reject(structure, data));
        }
    }

    /// Ends the connection; requests under way at this end are flushed. The peer hears of it, and has to do the same:
    /// only then its requests are flushed, and this end hears [ConnectionEventKind#DISCONNECTED].
    public void disconnect() throws VerbsException {
        use(() -> rdmacm(channel).disconnect(structure));
    }

    /// The device over which the connection runs; empty before the address is resolved, or bound to one device.
    public Optional<DeviceContext> device() throws VerbsException {
        requireOpen();
        long context = pointer("verbs");
        return context == 0 ? Optional.empty() : Optional.of(channel.verbs().deviceOfConnection(context));
    }

    /// The address of this end, where it has one.
    public Optional<InetSocketAddress> localAddress() {
        requireOpen();
        return SocketAddresses.decode(structure, SOURCE);
    }

    /// The address of the other end, where it is known.
    public Optional<InetSocketAddress> remoteAddress() {
        requireOpen();
        return SocketAddresses.decode(structure, DESTINATION);
    }

    void createQueuePair(ProtectionDomain domain, MemorySegment attributes) throws VerbsException {
        rdmacm(channel).createQp(structure, domain.structure(), attributes);
    }

    long queuePairAddress() {
        return pointer("qp");
    }

    void destroyQueuePair() throws VerbsException {
        rdmacm(channel).destroyQp(structure);
    }

    @Override
    void release() throws VerbsException {
        channel.remove(address);
        rdmacm(channel).destroyId(address);
    }

    private long pointer(String field) {
        return (long) Structures.handle(Structures.CM_ID, field).get(structure, 0L);
    }

    private static LibRdmacm rdmacm(EventChannel channel) {
        return channel.verbs().rdmacm();
    }

    private static int millis(Duration timeout) {
        return Math.toIntExact(timeout.toMillis());
    }
}
