// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.transport.rdma.ResourceCounts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.stream.Stream;

/// A connection of a device with itself. Both ends report on one event channel, and complete on queues of their own
/// that ring on one channel. Each has a megabyte of registered memory.
final class Loopback implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int BYTES = 1 << 20;
    static final ConnectionParameters DEFAULTS = ConnectionParameters.of(4, 4);

    /// Small, so that tests can fill them.
    static final QueuePairOptions OPTIONS = new QueuePairOptions(16, 16, 2, 2, 64, false);

    private static final int COMPLETIONS = 256;

    final ResourceCounts counts = new ResourceCounts();
    final Arena arena = Arena.ofShared();
    final Verbs verbs;
    final EventChannel events;
    final ConnectionId listener;
    final ConnectionId client;
    final DeviceContext device;
    final ProtectionDomain domain;
    final CompletionChannel bell;
    final End near;
    final End far;

    /// One end: what it completes on, and what it may touch.
    record End(QueuePair pair, CompletionQueue queue, MemoryRegion region) {
        MemorySegment memory() {
            return region.memory();
        }

        long address() {
            return region.memory().address();
        }

        int key() {
            return region.localKey();
        }
    }

    Loopback() throws VerbsException {
        this(DEFAULTS, DEFAULTS);
    }

    /// Connects, each end with its parameters.
    Loopback(ConnectionParameters asking, ConnectionParameters accepting) throws VerbsException {
        verbs = Verbs.open(counts);
        events = verbs.openEventChannel();
        listener = listen(events);
        client = resolved(events, listener);
        device = client.device().orElseThrow();
        domain = device.newProtectionDomain();
        bell = device.newCompletionChannel();
        near = end(client);
        client.connect(asking, new byte[0]);
        ConnectionId server = await(events, ConnectionEventKind.CONNECT_REQUEST).id();
        far = end(server);
        server.accept(accepting, new byte[0]);
        await(events, ConnectionEventKind.ESTABLISHED);
        await(events, ConnectionEventKind.ESTABLISHED);
    }

    /// The address of the device.
    static InetAddress address() {
        String address = Objects.requireNonNull(System.getenv("RIG_ADDRESS"), "RIG_ADDRESS");
        return InetAddress.ofLiteral(address);
    }

    static String deviceName() {
        return Objects.requireNonNull(System.getenv("RIG_DEVICE"));
    }

    /// Somebody who listens.
    static ConnectionId listen(EventChannel events) throws VerbsException {
        ConnectionId listener = events.newConnectionId();
        listener.bind(new InetSocketAddress(address(), 0));
        listener.listen(8);
        return listener;
    }

    /// Somebody who knows the way to a listener.
    static ConnectionId resolved(EventChannel events, ConnectionId listener) throws VerbsException {
        ConnectionId client = events.newConnectionId();
        client.resolveAddress(listener.localAddress().orElseThrow(), PATIENCE);
        await(events, ConnectionEventKind.ADDRESS_RESOLVED);
        client.resolveRoute(PATIENCE);
        await(events, ConnectionEventKind.ROUTE_RESOLVED);
        return client;
    }

    /// The next event, which must be of a kind.
    static ConnectionEvent await(EventChannel events, ConnectionEventKind kind) throws VerbsException {
        ConnectionEvent event = events.next(PATIENCE).orElseThrow();
        assertThat(event.kind()).as(event.toString()).isEqualTo(kind);
        return event;
    }

    private End end(ConnectionId id) throws VerbsException {
        CompletionQueue queue = bell.newCompletionQueue(COMPLETIONS);
        MemorySegment memory = arena.allocate(BYTES, 4096);
        return new End(
                id.newQueuePair(domain, queue, queue, OPTIONS),
                queue,
                domain.register(memory, EnumSet.allOf(Access.class)));
    }

    /// Waits, by the bell, until so many have completed at an end.
    Completions await(End end, int count) throws VerbsException {
        Completions completions = Completions.allocate(arena, count);
        end.queue().arm(false);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Completions one = Completions.allocate(arena, 1);
        int found = 0;
        while (found < count) {
            if (end.queue().poll(one) == 1) {
                MemorySegment.copy(
                        one.memory(),
                        0,
                        completions.memory(),
                        found * Structures.WC.byteSize(),
                        Structures.WC.byteSize());
                found++;
                completions.found(found);
            } else {
                assertThat(System.nanoTime() - deadline)
                        .as("completed: %d", found)
                        .isNegative();
                bell.next(PATIENCE);
                end.queue().arm(false);
            }
        }
        return completions;
    }

    SendRequests sends(int capacity) {
        return SendRequests.allocate(arena, capacity, 2);
    }

    /// A place to receive into at an end, with an id.
    void receive(End end, long id, int bytes) throws VerbsException {
        end.pair().post(ReceiveRequests.allocate(arena, 1, 1).receive(id).piece(end.address(), bytes, end.key()));
    }

    /// How many descriptors this process has open.
    static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Override
    public void close() {
        verbs.close();
        arena.close();
        assertThat(counts.open()).isEmpty();
    }
}
