// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceKind;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Nothing is left, in whatever order things go.
@OnDevice
class TeardownDeviceTest {
    private static void exchange(Loopback link) throws VerbsException {
        link.receive(link.far, 1, 64);
        link.near
                .pair()
                .post(link.sends(1)
                        .send(2)
                        .piece(link.near.address(), 8, link.near.key())
                        .signalled());
        assertThat(link.await(link.far, 1).status(0)).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(link.await(link.near, 1).status(0)).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void everythingIsCounted() throws VerbsException {
        try (Loopback link = new Loopback()) {
            assertThat(link.counts.open())
                    .containsEntry(ResourceKind.CONNECTION_ID, 3)
                    .containsEntry(ResourceKind.QUEUE_PAIR, 2)
                    .containsEntry(ResourceKind.COMPLETION_QUEUE, 2)
                    .containsEntry(ResourceKind.MEMORY_REGION, 2)
                    .containsEntry(ResourceKind.PROTECTION_DOMAIN, 1)
                    .containsEntry(ResourceKind.COMPLETION_CHANNEL, 1)
                    .containsEntry(ResourceKind.EVENT_CHANNEL, 1)
                    .doesNotContainKey(ResourceKind.DEVICE_CONTEXT);
        }
    }

    /// The first connection opens what the libraries and the JVM keep.
    @Test
    void noDescriptorIsLeft() throws Exception {
        try (Loopback first = new Loopback()) {
            exchange(first);
        }
        long before = Loopback.descriptors();
        for (int i = 0; i < 5; i++) {
            try (Loopback link = new Loopback()) {
                assertThat(Loopback.descriptors()).isGreaterThan(before);
                exchange(link);
            }
            assertThat(Loopback.descriptors()).isEqualTo(before);
        }
    }

    @Test
    void connectedThingsMayGoFirst() throws VerbsException {
        try (Loopback link = new Loopback()) {
            link.receive(link.far, 1, 64);
            link.domain.close();
            assertThat(link.counts.open(ResourceKind.QUEUE_PAIR)).isZero();
            assertThat(link.counts.open(ResourceKind.MEMORY_REGION)).isZero();
            link.bell.close();
            assertThat(link.counts.open(ResourceKind.COMPLETION_QUEUE)).isZero();
            link.events.close();
            assertThat(link.counts.open()).isEmpty();
        }
    }

    @Test
    void aRingThatNobodyTookDoesNotHoldAnybody() throws VerbsException {
        try (Loopback link = new Loopback()) {
            link.far.queue().arm(false);
            link.receive(link.far, 1, 64);
            link.near
                    .pair()
                    .post(link.sends(1)
                            .send(2)
                            .piece(link.near.address(), 8, link.near.key())
                            .signalled());
            assertThat(link.await(link.near, 1).status(0)).isEqualTo(CompletionStatus.SUCCESS);
        }
    }

    @Test
    void whoWaitsIsToldOfTheEnd() throws Exception {
        try (Loopback link = new Loopback()) {
            CompletableFuture<Optional<Throwable>> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return link.bell.next(Loopback.PATIENCE).map(ring -> new AssertionError("it rang"));
                } catch (VerbsException | BtdException e) {
                    return Optional.of(e);
                }
            });
            link.bell.close();
            assertThat(waiting.get(Loopback.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasValueSatisfying(end -> assertThat(end).isInstanceOf(BtdException.Closed.class));
        }
    }

    @Test
    void anEndThatGoesIsMissedByTheOther() throws VerbsException {
        try (Loopback link = new Loopback()) {
            link.receive(link.far, 9, 64);
            link.client.close();
            ConnectionId server = Loopback.await(link.events, ConnectionEventKind.DISCONNECTED)
                    .id();
            server.disconnect();
            assertThat(link.await(link.far, 1).status(0)).isEqualTo(CompletionStatus.FLUSHED);
        }
    }
}
