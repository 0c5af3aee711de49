// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.Deadline;
import io.btd.api.BtdException.NodeDown;
import io.btd.api.BtdException.OutcomeUnknown;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.client.FakeNode.Fate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls whose time runs out, on a clock that the test moves.
@Timeout(60)
class DeadlineFaultsTest {
    private final ManualTime time = new ManualTime();
    private final ClientUnderTest client = new ClientUnderTest(1, time);
    private final BtdCluster cluster = client.cluster();
    private final BtdCluster brief = cluster.withDeadline(Duration.ofMillis(100));
    private final BtdCluster patient = cluster.withDeadline(Duration.ofHours(1));
    private final FakeNode node = client.node(1);

    @AfterEach
    void end() {
        client.close();
    }

    /// Moves the clock on, no faster than the threads that connect, until the client has connected again.
    private void reconnected(int handshakesBefore) {
        while (node.handshakes() == handshakesBefore) {
            time.advance(10_000_000);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void await(MessageType type) throws InterruptedException {
        while (node.seen.take().type() != type) {
            // others came before it
        }
    }

    private static void assertFails(CompletableFuture<?> call, Class<? extends Throwable> error) {
        assertThat(call)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(error);
    }

    @Test
    void aReadEndsAtItsDeadlineAndNothingIsWrittenAfterwards() throws Exception {
        long block = cluster.malloc(64);
        cluster.memcpy(block, MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        node.next(MessageType.READ, Fate.HOLD);
        byte[] destination = new byte[4];
        CompletableFuture<Void> late = brief.async().read(block, MemorySegment.ofArray(destination));
        await(MessageType.READ);
        time.advance(99_000_000);
        assertThat(late).isNotDone();
        time.advance(1_000_000);
        assertFails(late, Deadline.class);
        node.letGo();
        cluster.getLong(block); // its answer comes behind the late one
        assertThat(destination).containsOnly(0);
    }

    @Test
    void ofAChangeThatWasSentNobodyKnows() throws Exception {
        long block = cluster.malloc(64);
        node.next(MessageType.GET_AND_ADD, Fate.HOLD);
        CompletableFuture<Long> late = brief.async().getAndAdd(block, 1);
        await(MessageType.GET_AND_ADD);
        time.advance(100_000_000);
        assertFails(late, OutcomeUnknown.class);
        node.letGo();
        assertThat(cluster.getLong(block)).isEqualTo(1);
    }

    @Test
    void aBlockThatComesTooLateIsFreed() throws Exception {
        cluster.malloc(64);
        node.next(MessageType.MALLOC, Fate.HOLD);
        CompletableFuture<Long> late = brief.async().malloc(64, Alloc.POINTERS);
        await(MessageType.MALLOC);
        await(MessageType.MALLOC);
        time.advance(100_000_000);
        assertFails(late, OutcomeUnknown.class);
        while (node.memory.live().size() < 2) {
            Thread.onSpinWait(); // the node notes a request before it makes it
        }
        node.letGo();
        await(MessageType.FREE);
        assertThat(client.session(1).held()).isEqualTo(1);
        cluster.malloc(64);
        assertThat(node.memory.live()).hasSize(2);
    }

    @Test
    void aLateBlockIsFreedEvenIfTheConnectionBrokeInBetween() throws Exception {
        cluster.malloc(64);
        node.next(MessageType.MALLOC, Fate.HOLD);
        CompletableFuture<Long> late = brief.async().malloc(64, Alloc.POINTERS);
        await(MessageType.MALLOC);
        await(MessageType.MALLOC);
        time.advance(100_000_000);
        assertFails(late, OutcomeUnknown.class);
        int before = node.handshakes();
        node.drop();
        reconnected(before);
        await(MessageType.FREE);
        assertThat(node.answeredFromMemory).isEqualTo(1);
    }

    @Test
    void bytesOfACallerWhoHasGoneAreNotLookedAtAgain() throws Exception {
        long block = cluster.malloc(64);
        node.next(MessageType.MEMCPY, Fate.IGNORE);
        CompletableFuture<Void> late;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment source = arena.allocate(8).fill((byte) 7);
            late = brief.async().memcpy(block, source);
            await(MessageType.MEMCPY);
            time.advance(100_000_000);
            assertFails(late, OutcomeUnknown.class);
        }
        int before = node.handshakes();
        node.drop();
        reconnected(before);
        assertThat(cluster.getLong(block)).isZero();
        assertThat(node.memory.made()).noneMatch(Request.Memcpy.class::isInstance);
    }

    @Test
    void whatWasNeverSentHadNoEffect() {
        long block = cluster.malloc(64);
        node.down();
        while (client.session(1).trouble() == null) {
            time.advance(10_000_000);
            Thread.onSpinWait();
        }
        CompletableFuture<Long> late = brief.async().getAndAdd(block, 1);
        time.advance(100_000_000);
        assertFails(late, NodeDown.class);
    }

    @Test
    void aSilentConnectionIsGivenUpAndTheCallGoesOnOverAnother() throws Exception {
        long block = cluster.malloc(64);
        node.next(MessageType.GET_AND_ADD, Fate.IGNORE);
        node.next(MessageType.PING, Fate.IGNORE);
        CompletableFuture<Long> call = patient.async().getAndAdd(block, 1);
        await(MessageType.GET_AND_ADD);
        reconnected(node.handshakes());
        assertThat(call.join()).isZero();
        assertThat(cluster.getLong(block)).isEqualTo(1);
    }

    @Test
    void aConnectionOnWhichAFrameIsArrivingIsNotSilent() throws Exception {
        long block = cluster.malloc(64);
        node.next(MessageType.GET_LONG, Fate.HOLD);
        CompletableFuture<Long> call = patient.async().getLong(block);
        await(MessageType.GET_LONG);
        int before = node.handshakes();
        for (int i = 0; i < 30; i++) {
            node.next(MessageType.PING, Fate.IGNORE);
            time.advance(Heartbeat.SILENCE);
            node.sendPart();
        }
        assertThat(node.handshakes()).isEqualTo(before);
        node.letGo();
        assertThat(call.join()).isZero();
        assertThat(node.handshakes()).isEqualTo(before);
    }

    @Test
    void aConnectionThatIsStillSendingIsNotGivenUpUntilNothingLeavesAnyMore() throws Exception {
        long block = cluster.malloc(64);
        node.next(MessageType.GET_AND_ADD, Fate.IGNORE);
        node.next(MessageType.PING, Fate.IGNORE);
        CompletableFuture<Long> call = patient.async().getAndAdd(block, 1);
        await(MessageType.GET_AND_ADD);
        int before = node.handshakes();
        for (int i = 30; i > 0; i--) {
            client.network.unsent(i << 20);
            time.advance(Heartbeat.SILENCE);
        }
        assertThat(node.handshakes()).isEqualTo(before);
        reconnected(before);
        assertThat(call.join()).isZero();
        assertThat(cluster.getLong(block)).isEqualTo(1);
    }

    @Test
    void aCallThatCannotBeSentWhenItsTurnComesHoldsUpNoClose() throws Exception {
        long block = cluster.malloc(64);
        node.next(MessageType.MEMCPY, Fate.BUSY);
        CompletableFuture<Void> refused;
        try (Arena arena = Arena.ofShared()) {
            refused = patient.async().memcpy(block, arena.allocate(8));
            await(MessageType.MEMCPY);
            while (client.session(1).expects()) {
                Thread.onSpinWait(); // until it rests
            }
        }
        CompletableFuture<Void> idle = client.session(1).whenIdle();
        assertThat(idle).isNotDone();
        time.advance(10_000_000);
        assertFails(refused, IllegalStateException.class);
        assertThat(idle).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void theLeaseIsKeptByPings() throws Exception {
        node.lease = 3000;
        cluster.malloc(64);
        for (int i = 0; i < 5; i++) {
            time.advance(1_000_000_000);
            await(MessageType.PING);
            while (client.session(1).expects()) {
                Thread.onSpinWait(); // a node that has not answered for three seconds of this clock would be given up
            }
        }
    }

    @Test
    void aNodeThatDoesNotAnswerTheHandshakeIsLeft() {
        node.ignoresHello = true;
        CompletableFuture<Long> late = brief.async().malloc(64, Alloc.POINTERS);
        while (node.handshakes() == 0) {
            Thread.onSpinWait();
        }
        time.advance(100_000_000);
        assertFails(late, Deadline.class);
        node.ignoresHello = false;
        CompletableFuture<Long> call = patient.async().malloc(64, Alloc.POINTERS);
        reconnected(node.handshakes());
        assertThat(call.join()).isPositive();
    }
}
