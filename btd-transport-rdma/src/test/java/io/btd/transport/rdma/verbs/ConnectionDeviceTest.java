// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.btd.transport.rdma.ResourceCounts;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connecting, accepting, rejecting, and how much can be said along.
@OnDevice
class ConnectionDeviceTest {
    private static final int NO_LIMIT = 255;
    private static final int EINVAL = 22;

    /// IB_CM_REJ_CONSUMER_DEFINED: a program said no.
    private static final int REFUSED = 28;

    private static final int CONNECT_BYTES = 56;
    private static final int ACCEPT_BYTES = 196;
    private static final int REJECT_BYTES = 148;

    private final ResourceCounts counts = new ResourceCounts();
    private Verbs verbs;
    private EventChannel events;
    private ConnectionId listener;

    @BeforeEach
    void listen() throws VerbsException {
        verbs = Verbs.open(counts);
        events = verbs.openEventChannel();
        listener = Loopback.listen(events);
    }

    @AfterEach
    void close() {
        verbs.close();
        assertThat(counts.open()).isEmpty();
    }

    private static byte[] data(int bytes, int first) {
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = (byte) (first + i);
        }
        return data;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private ConnectionId withQueues(ConnectionId id) throws VerbsException {
        DeviceContext device = id.device().orElseThrow();
        CompletionQueue queue = device.newCompletionQueue(16);
        id.newQueuePair(device.newProtectionDomain(), queue, queue, Loopback.OPTIONS);
        return id;
    }

    private ConnectionId client() throws VerbsException {
        return withQueues(Loopback.resolved(events, listener));
    }

    private ConnectionEvent await(ConnectionEventKind kind) throws VerbsException {
        return Loopback.await(events, kind);
    }

    @Test
    void bothEndsHearWhatWasSaid() throws VerbsException {
        ConnectionId client = client();
        client.connect(ConnectionParameters.of(3, 5), data(CONNECT_BYTES, 1));
        ConnectionEvent request = await(ConnectionEventKind.CONNECT_REQUEST);
        assertThat(request.listener()).contains(listener);
        assertThat(bytes(request.privateData())).isEqualTo(data(CONNECT_BYTES, 1));
        assertThat(request.responderResources()).isEqualTo(5);
        assertThat(request.initiatorDepth()).isEqualTo(3);
        ConnectionId server = withQueues(request.id());
        server.accept(ConnectionParameters.of(3, 5), data(ACCEPT_BYTES, 2));
        ConnectionEvent first = await(ConnectionEventKind.ESTABLISHED);
        ConnectionEvent second = await(ConnectionEventKind.ESTABLISHED);
        ConnectionEvent clients = first.id() == client ? first : second;
        assertThat(clients.id()).isSameAs(client);
        assertThat(bytes(clients.privateData())).isEqualTo(data(ACCEPT_BYTES, 2));
        assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
        assertThat(client.remoteAddress().orElseThrow().getAddress()).isEqualTo(Loopback.address());
        assertThat(server.device()).isEqualTo(client.device());
    }

    /// Until the peer disconnects as well, it only knows.
    @Test
    void bothEndsDisconnect() throws VerbsException {
        ConnectionId client = client();
        client.connect(Loopback.DEFAULTS, new byte[0]);
        ConnectionId server =
                withQueues(await(ConnectionEventKind.CONNECT_REQUEST).id());
        server.accept(Loopback.DEFAULTS, new byte[0]);
        await(ConnectionEventKind.ESTABLISHED);
        await(ConnectionEventKind.ESTABLISHED);
        client.disconnect();
        assertThat(await(ConnectionEventKind.DISCONNECTED).id()).isSameAs(server);
        assertThat(events.next(Duration.ZERO)).isEmpty();
        server.disconnect();
        assertThat(await(ConnectionEventKind.DISCONNECTED).id()).isSameAs(client);
    }

    @Test
    void overIpv6() throws Exception {
        Optional<InetAddress> v6 = NetworkInterface.getByInetAddress(Loopback.address())
                .inetAddresses()
                .filter(Inet6Address.class::isInstance)
                .findFirst();
        assumeTrue(v6.isPresent(), "the device has no address of IPv6");
        ConnectionId other = events.newConnectionId();
        other.bind(new InetSocketAddress(v6.orElseThrow(), 0));
        other.listen(1);
        ConnectionId client = withQueues(Loopback.resolved(events, other));
        client.connect(Loopback.DEFAULTS, new byte[] {1});
        ConnectionEvent request = await(ConnectionEventKind.CONNECT_REQUEST);
        assertThat(request.listener()).contains(other);
        assertThat(client.remoteAddress()).isEqualTo(other.localAddress());
        assertThat(client.remoteAddress().orElseThrow().getAddress()).isInstanceOf(Inet6Address.class);
        withQueues(request.id()).accept(Loopback.DEFAULTS, new byte[0]);
        await(ConnectionEventKind.ESTABLISHED);
        await(ConnectionEventKind.ESTABLISHED);
    }

    @Test
    void aRejectionSaysWhy() throws VerbsException {
        ConnectionId client = client();
        client.connect(Loopback.DEFAULTS, new byte[0]);
        await(ConnectionEventKind.CONNECT_REQUEST).id().reject(data(REJECT_BYTES, 3));
        ConnectionEvent rejected = await(ConnectionEventKind.REJECTED);
        assertThat(rejected.id()).isSameAs(client);
        assertThat(rejected.status()).isEqualTo(REFUSED);
        assertThat(bytes(rejected.privateData())).isEqualTo(data(REJECT_BYTES, 3));
    }

    @Test
    void whatIsShorterArrivesWithZerosBehindIt() throws VerbsException {
        ConnectionId client = client();
        client.connect(Loopback.DEFAULTS, new byte[] {7});
        ConnectionEvent request = await(ConnectionEventKind.CONNECT_REQUEST);
        assertThat(bytes(request.privateData())).isEqualTo(Arrays.copyOf(new byte[] {7}, CONNECT_BYTES));
        request.id().reject(new byte[] {8});
        assertThat(bytes(await(ConnectionEventKind.REJECTED).privateData()))
                .isEqualTo(Arrays.copyOf(new byte[] {8}, REJECT_BYTES));
    }

    @Test
    void oneByteMoreIsRefused() throws VerbsException {
        ConnectionId client = client();
        assertThatThrownBy(() -> client.connect(Loopback.DEFAULTS, new byte[CONNECT_BYTES + 1], NO_LIMIT))
                .isInstanceOfSatisfying(
                        VerbsException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL));
        ConnectionId another = client();
        another.connect(Loopback.DEFAULTS, new byte[0]);
        ConnectionId server = await(ConnectionEventKind.CONNECT_REQUEST).id();
        assertThatThrownBy(() -> server.reject(new byte[REJECT_BYTES + 1], NO_LIMIT))
                .isInstanceOfSatisfying(
                        VerbsException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL));
    }

    @Test
    void oneByteMoreIsRefusedWhereARequestIsAccepted() throws VerbsException {
        ConnectionId client = client();
        client.connect(Loopback.DEFAULTS, new byte[0]);
        ConnectionId server =
                withQueues(await(ConnectionEventKind.CONNECT_REQUEST).id());
        assertThatThrownBy(() -> server.accept(Loopback.DEFAULTS, new byte[ACCEPT_BYTES + 1], NO_LIMIT))
                .isInstanceOfSatisfying(
                        VerbsException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL));
    }

    @Test
    void nobodyListens() throws VerbsException {
        ConnectionId client = client();
        listener.close();
        client.connect(Loopback.DEFAULTS, new byte[0]);
        ConnectionEvent rejected = await(ConnectionEventKind.REJECTED);
        assertThat(rejected.id()).isSameAs(client);
        assertThat(rejected.status()).isNotZero().isNotEqualTo(REFUSED);
    }

    /// 192.0.2.0/24 is for documentation: nobody has such an address.
    @Test
    void noDeviceLeadsThere() throws Exception {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 9);
        ConnectionId client = events.newConnectionId();
        assertThat(client.device()).isEmpty();
        try {
            client.resolveAddress(nowhere, Loopback.PATIENCE);
        } catch (VerbsException unreachable) {
            assertThat(unreachable.errno()).isPositive();
            return;
        }
        assertThat(await(ConnectionEventKind.ADDRESS_ERROR).status()).isNegative();
    }

    /// The request is not fetched: it goes with its listener.
    @Test
    void aRequestThatNobodyFetchesGoesWithTheChannel() throws VerbsException {
        client().connect(Loopback.DEFAULTS, new byte[0]);
        events.close();
        assertThat(listener.isClosed()).isTrue();
    }
}
