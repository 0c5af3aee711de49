// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One end of a connection, or a listener.
///
/// ```text
/// IDLE --bind--> BOUND --listen--> LISTENING
/// IDLE, BOUND --resolveAddress--> ADDRESSED --resolveRoute--> ROUTED --connect--> CONNECTING --> CONNECTED
/// (a request brings a new end)                                       REQUESTED --accept-------> CONNECTED
/// CONNECTED --disconnect, by either end--> ENDED
/// ```
///
/// A call in another state is refused, as by the kernel.
final class ConnectionEnd extends Owned implements RdmaStack.ConnectionId {
    /// Reasons of a rejection (`IB_CM_REJ_`): nobody listens; the program does not want.
    private static final int NO_SUCH_SERVICE = 8;

    private static final int NOT_WANTED = 28;
    private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private enum State {
        IDLE,
        BOUND,
        LISTENING,
        ADDRESSED,
        ROUTED,
        CONNECTING,
        REQUESTED,
        CONNECTED,
        ENDED
    }

    private final Events events;
    private State state = State.IDLE;
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable Pair pair;
    private @Nullable ConnectionEnd peer;

    /// Who asked, of a request.
    private RdmaStack.@Nullable Handshake asked;

    /// Of a request, who listened; of a listener, how many requests wait, of how many that may.
    private @Nullable ConnectionEnd listener;

    private int backlog;
    private int waiting;

    ConnectionEnd(SoftwareStack stack, Events events) {
        super(stack, ResourceKind.CONNECTION_ID, events);
        this.events = events;
    }

    boolean listens() {
        return state == State.LISTENING;
    }

    void detach() {
        pair = null;
    }

    @Override
    public void bind(InetSocketAddress address) throws IOException {
        requireResolved(address);
        in(
                "rdma_bind_addr",
                () -> {
                    local = stack().fabric().take(address, this);
                    state = State.BOUND;
                },
                State.IDLE);
    }

    private static void requireResolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new BtdException.Unreachable("a host name has no address: address=" + address, "correct the name");
        }
    }

    @Override
    public void listen(int requests) throws IOException {
        in(
                "rdma_listen",
                () -> {
                    backlog = Math.max(1, requests);
                    state = State.LISTENING;
                },
                State.BOUND);
    }

    @Override
    public void resolveAddress(InetSocketAddress destination, Duration timeout) throws IOException {
        requireResolved(destination);
        in(
                "rdma_resolve_addr",
                () -> {
                    if (!stack().fabric().has(destination.getAddress())) {
                        report(EventType.RDMA_CM_EVENT_ADDR_ERROR, -Refused.ETIMEDOUT, NO_DATA);
                        return;
                    }
                    if (local == null) {
                        local = stack().fabric().take(new InetSocketAddress(destination.getAddress(), 0), this);
                    }
                    remote = destination;
                    state = State.ADDRESSED;
                    report(EventType.RDMA_CM_EVENT_ADDR_RESOLVED, 0, NO_DATA);
                },
                State.IDLE,
                State.BOUND);
    }

    @Override
    public void resolveRoute(Duration timeout) throws IOException {
        in(
                "rdma_resolve_route",
                () -> {
                    state = State.ROUTED;
                    report(EventType.RDMA_CM_EVENT_ROUTE_RESOLVED, 0, NO_DATA);
                },
                State.ADDRESSED);
    }

    @Override
    public RdmaStack.QueuePair newQueuePair(
            RdmaStack.ProtectionDomain domain,
            RdmaStack.CompletionQueue sends,
            RdmaStack.CompletionQueue receives,
            IbvQPInitAttr wanted)
            throws IOException {
        return stack().locked(() -> {
            requireOpen();
            if (pair != null || !hasDevice()) {
                throw new Refused("rdma_create_qp", Refused.EINVAL, "state=" + state + ", has one=" + (pair != null));
            }
            Pair made = new Pair(this, (Domain) domain, (Completions) sends, (Completions) receives, wanted);
            pair = made;
            return made;
        });
    }

    @Override
    public void connect(RdmaStack.Handshake handshake) throws IOException {
        ByteBuffer data = PrivateBytes.CONNECT.arrive(handshake.privateData());
        in(
                "rdma_connect",
                () -> {
                    pair("rdma_connect");
                    InetSocketAddress destination = Objects.requireNonNull(remote);
                    Optional<ConnectionEnd> there = stack().fabric().listener(destination);
                    if (stack().fabric().isSilent(destination)) {
                        fail(EventType.RDMA_CM_EVENT_UNREACHABLE, -Refused.ETIMEDOUT, NO_DATA);
                    } else if (there.isEmpty()) {
                        fail(EventType.RDMA_CM_EVENT_REJECTED, NO_SUCH_SERVICE, NO_DATA);
                    } else if (there.get().waiting == there.get().backlog) {
                        fail(EventType.RDMA_CM_EVENT_REJECTED, NOT_WANTED, NO_DATA);
                    } else {
                        state = State.CONNECTING;
                        there.get().request(this, handshake, data);
                    }
                },
                State.ROUTED);
    }

    private void fail(EventType type, int status, ByteBuffer data) {
        state = State.ENDED;
        report(type, status, data);
    }

    /// Somebody wants to connect to this listener.
    private void request(ConnectionEnd asker, RdmaStack.Handshake handshake, ByteBuffer data) {
        ConnectionEnd arrived = new ConnectionEnd(stack(), events);
        arrived.state = State.REQUESTED;
        arrived.local = asker.remote;
        arrived.remote = asker.local;
        arrived.peer = asker;
        arrived.asked = handshake;
        arrived.listener = this;
        asker.peer = arrived;
        waiting++;
        events.report(EventType.RDMA_CM_EVENT_CONNECT_REQUEST, 0, arrived, this, data);
    }

    @Override
    public void accept(RdmaStack.Handshake handshake) throws IOException {
        ByteBuffer data = PrivateBytes.ACCEPT.arrive(handshake.privateData());
        in(
                "rdma_accept",
                () -> {
                    Pair mine = pair("rdma_accept");
                    ConnectionEnd asker = Objects.requireNonNull(peer);
                    Pair theirs = Objects.requireNonNull(asker.pair);
                    leaveListener();
                    state = State.CONNECTED;
                    asker.state = State.CONNECTED;
                    RdmaStack.Handshake asking = Objects.requireNonNull(asked);
                    mine.connect(theirs.responder(), asking.retries(), asking.receiverRetries());
                    theirs.connect(mine.responder(), asking.retries(), handshake.receiverRetries());
                    asker.report(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, data);
                    report(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, NO_DATA);
                },
                State.REQUESTED);
    }

    @Override
    public void reject(ByteBuffer privateData) throws IOException {
        ByteBuffer data = PrivateBytes.REJECT.arrive(privateData);
        in(
                "rdma_reject",
                () -> {
                    leaveListener();
                    state = State.ENDED;
                    Objects.requireNonNull(peer).fail(EventType.RDMA_CM_EVENT_REJECTED, NOT_WANTED, data);
                },
                State.REQUESTED);
    }

    private void leaveListener() {
        if (listener != null) {
            listener.waiting--;
            listener = null;
        }
    }

    @Override
    public void disconnect() throws IOException {
        in(
                "rdma_disconnect",
                () -> {
                    if (pair != null) {
                        pair.fail();
                    }
                    if (state == State.CONNECTED) {
                        fail(EventType.RDMA_CM_EVENT_DISCONNECTED, 0, NO_DATA);
                        Objects.requireNonNull(peer).fail(EventType.RDMA_CM_EVENT_DISCONNECTED, 0, NO_DATA);
                    }
                },
                State.CONNECTED,
                State.ENDED);
    }

    private boolean hasDevice() {
        InetSocketAddress address = local;
        return address != null && !address.getAddress().isAnyLocalAddress();
    }

    @Override
    public Optional<RdmaStack.Device> device() {
        return stack().locked(() -> {
            requireOpen();
            return hasDevice() ? Optional.of(stack().device()) : Optional.empty();
        });
    }

    @Override
    public Optional<InetSocketAddress> localAddress() {
        return stack().locked(() -> {
            requireOpen();
            return Optional.ofNullable(local);
        });
    }

    @Override
    public Optional<InetSocketAddress> remoteAddress() {
        return stack().locked(() -> {
            requireOpen();
            return Optional.ofNullable(remote);
        });
    }

    private void report(EventType type, int status, ByteBuffer data) {
        if (!isGone()) {
            events.report(type, status, this, null, data);
        }
    }

    /// What a call does.
    private interface Step {
        void run() throws Refused;
    }

    private void in(String call, Step step, State... allowed) throws Refused {
        stack().locked(() -> {
            requireOpen();
            if (!Arrays.asList(allowed).contains(state)) {
                throw new Refused(call, Refused.EINVAL, "state=" + state);
            }
            step.run();
            return state;
        });
    }

    private Pair pair(String call) throws Refused {
        Pair mine = pair;
        if (mine == null) {
            throw new Refused(call, Refused.EINVAL, "the id has no queue pair");
        }
        return mine;
    }

    /// The other end learns that this one has gone.
    @Override
    void release() {
        leaveListener();
        events.forget(this);
        if (local != null) {
            stack().fabric().leave(local, this);
        }
        ConnectionEnd other = peer;
        if (other != null && !other.isGone()) {
            switch (state) {
                case CONNECTED -> other.fail(EventType.RDMA_CM_EVENT_DISCONNECTED, 0, NO_DATA);
                case CONNECTING, REQUESTED -> other.fail(EventType.RDMA_CM_EVENT_REJECTED, NOT_WANTED, NO_DATA);
                default -> {}
            }
        }
    }
}
