// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Data over a connection of the device with itself.
@OnDevice
class DataDeviceTest {
    private static final int BYTES = Loopback.BYTES;

    private Loopback link;
    private Loopback.End near;
    private Loopback.End far;

    @BeforeEach
    void connect() throws VerbsException {
        link = new Loopback();
        near = link.near;
        far = link.far;
    }

    @AfterEach
    void close() {
        link.close();
    }

    private static void fill(MemorySegment memory, int seed) {
        for (long at = 0; at < memory.byteSize(); at++) {
            memory.set(JAVA_BYTE, at, (byte) (seed + at * 31 + (at >> 8)));
        }
    }

    private void assertDone(Loopback.End end, long id) throws VerbsException {
        Completions done = link.await(end, 1);
        assertThat(done.status(0)).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(done.id(0)).isEqualTo(id);
        assertThat(done.queuePair(0)).isEqualTo(end.pair().number());
        assertThat(done.isReceive(0)).isFalse();
    }

    @Test
    void aSendArrives() throws VerbsException {
        fill(near.memory(), 1);
        link.receive(far, 7, 4096);
        near.pair()
                .post(link.sends(1)
                        .send(8)
                        .piece(near.address(), 1000, near.key())
                        .signalled());
        Completions received = link.await(far, 1);
        assertThat(received.status(0)).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(received.id(0)).isEqualTo(7);
        assertThat(received.isReceive(0)).isTrue();
        assertThat(received.bytes(0)).isEqualTo(1000);
        assertThat(received.hasImmediate(0)).isFalse();
        assertThat(far.memory().asSlice(0, 1000).mismatch(near.memory().asSlice(0, 1000)))
                .isEqualTo(-1);
        assertDone(near, 8);
    }

    @Test
    void aNumberComesAlong() throws VerbsException {
        link.receive(far, 1, 64);
        link.receive(far, 2, 64);
        near.pair()
                .post(link.sends(2)
                        .sendWithImmediate(3, 0x01020304)
                        .piece(near.address(), 8, near.key())
                        .writeWithImmediate(4, far.address() + 128, far.region().remoteKey(), -5)
                        .piece(near.address(), 8, near.key())
                        .signalled());
        Completions received = link.await(far, 2);
        assertThat(received.hasImmediate(0)).isTrue();
        assertThat(received.immediate(0)).isEqualTo(0x01020304);
        assertThat(received.immediate(1)).isEqualTo(-5);
        assertThat(received.id(1)).isEqualTo(2);
        assertDone(near, 4);
    }

    @Test
    void aWriteIsThere() throws VerbsException {
        fill(near.memory(), 2);
        near.pair()
                .post(link.sends(1)
                        .write(1, far.address(), far.region().remoteKey())
                        .piece(near.address(), BYTES / 2, near.key())
                        .piece(near.address() + BYTES / 2, BYTES / 2, near.key())
                        .signalled());
        assertDone(near, 1);
        assertThat(far.memory().mismatch(near.memory())).isEqualTo(-1);
    }

    @Test
    void aReadBringsIt() throws VerbsException {
        fill(far.memory(), 3);
        near.pair()
                .post(link.sends(1)
                        .read(2, far.address(), far.region().remoteKey())
                        .piece(near.address(), BYTES, near.key())
                        .signalled());
        Completions done = link.await(near, 1);
        assertThat(done.status(0)).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(far.memory().mismatch(near.memory())).isEqualTo(-1);
    }

    /// What is inline need not be registered, and may change once it is posted.
    @Test
    void whatIsInlineIsCopied() throws VerbsException {
        assertThat(near.pair().inlineBytes()).isGreaterThanOrEqualTo(Loopback.OPTIONS.inlineBytes());
        MemorySegment unregistered = link.arena.allocate(64, 64);
        unregistered.fill((byte) 9);
        near.pair()
                .post(link.sends(1)
                        .write(3, far.address(), far.region().remoteKey())
                        .piece(unregistered.address(), 64, 0)
                        .inline()
                        .signalled());
        unregistered.fill((byte) 0);
        assertDone(near, 3);
        assertThat(far.memory().asSlice(0, 64).toArray(JAVA_BYTE)).containsOnly(9);
        assertThat(far.memory().get(JAVA_BYTE, 64)).isZero();
    }

    @Test
    void atomicsReturnWhatWas() throws VerbsException {
        far.memory().set(JAVA_LONG, 8, 40L);
        SendRequests atomics = link.sends(3)
                .fetchAndAdd(1, far.address() + 8, far.region().remoteKey(), 2)
                .piece(near.address(), 8, near.key())
                .compareAndSwap(2, far.address() + 8, far.region().remoteKey(), 42, -1)
                .piece(near.address() + 8, 8, near.key())
                .compareAndSwap(3, far.address() + 8, far.region().remoteKey(), 42, 7)
                .piece(near.address() + 16, 8, near.key())
                .signalled();
        near.pair().post(atomics);
        assertDone(near, 3);
        assertThat(near.memory().get(JAVA_LONG, 0)).isEqualTo(40);
        assertThat(near.memory().get(JAVA_LONG, 8)).isEqualTo(42);
        assertThat(near.memory().get(JAVA_LONG, 16)).isEqualTo(-1);
        assertThat(far.memory().get(JAVA_LONG, 8)).isEqualTo(-1);
    }

    @Test
    void aSendWaitsForAPlace() throws VerbsException {
        near.pair()
                .post(link.sends(1).send(1).piece(near.address(), 8, near.key()).signalled());
        link.receive(far, 2, 8);
        assertThat(link.await(far, 1).id(0)).isEqualTo(2);
        assertDone(near, 1);
    }

    /// What an end says of that is for the other one.
    @Test
    void aSendDoesNotWaitForAnEndThatSaysSo() throws VerbsException {
        try (Loopback other = new Loopback(new ConnectionParameters(4, 4, 7, 1), Loopback.DEFAULTS)) {
            other.far.pair().post(other.sends(1).send(1).piece(other.far.address(), 8, other.far.key()));
            assertThat(other.await(other.far, 1).status(0)).isEqualTo(CompletionStatus.RECEIVER_NOT_READY);
        }
    }

    /// What was taken of a list that does not fit completes; the others do not.
    @Test
    void aListThatDoesNotFitIsTakenInPart() throws VerbsException {
        int count = 200;
        SendRequests list = link.sends(count);
        for (int i = 0; i < count; i++) {
            list.write(i, far.address() + i * 8L, far.region().remoteKey())
                    .piece(near.address(), 8, near.key())
                    .signalled();
        }
        int[] accepted = new int[1];
        assertThatThrownBy(() -> near.pair().post(list))
                .isInstanceOfSatisfying(PostFailed.class, e -> accepted[0] = e.accepted());
        assertThat(accepted[0]).isGreaterThanOrEqualTo(Loopback.OPTIONS.sends()).isLessThan(count);
        Completions done = link.await(near, accepted[0]);
        for (int i = 0; i < accepted[0]; i++) {
            assertThat(done.id(i)).isEqualTo(i);
            assertThat(done.status(i)).isEqualTo(CompletionStatus.SUCCESS);
        }
        assertThat(near.queue().poll(Completions.allocate(link.arena, 1))).isZero();
    }

    /// One bad key, and the queue pair is of no use any more.
    @Test
    void aBadKeyKillsTheQueuePair() throws VerbsException {
        near.pair()
                .post(link.sends(2)
                        .write(1, far.address(), far.region().remoteKey() ^ 0x5500)
                        .piece(near.address(), 8, near.key())
                        .write(2, far.address(), far.region().remoteKey())
                        .piece(near.address(), 8, near.key()));
        Completions failed = link.await(near, 2);
        assertThat(failed.id(0)).isEqualTo(1);
        assertThat(failed.status(0)).isEqualTo(CompletionStatus.REMOTE_ACCESS);
        assertThat(failed.queuePair(0)).isEqualTo(near.pair().number());
        assertThat(failed.id(1)).isEqualTo(2);
        assertThat(failed.status(1)).isEqualTo(CompletionStatus.FLUSHED);
        near.pair().post(link.sends(1).send(3).piece(near.address(), 8, near.key()));
        Completions flushed = link.await(near, 1);
        assertThat(flushed.status(0)).isEqualTo(CompletionStatus.FLUSHED);
        assertThat(flushed.id(0)).isEqualTo(3);
    }

    @Test
    void aReadBeyondTheRegionIsRefused() throws VerbsException {
        near.pair()
                .post(link.sends(1)
                        .read(1, far.address() + BYTES - 8, far.region().remoteKey())
                        .piece(near.address(), 16, near.key()));
        assertThat(link.await(near, 1).status(0)).isEqualTo(CompletionStatus.REMOTE_ACCESS);
    }

    @Test
    void aRegionThatIsClosedCannotBeReached() throws VerbsException {
        int key = far.region().remoteKey();
        long address = far.address();
        far.region().close();
        near.pair().post(link.sends(1).read(1, address, key).piece(near.address(), 8, near.key()));
        assertThat(link.await(near, 1).status(0)).isEqualTo(CompletionStatus.REMOTE_ACCESS);
    }

    /// By the end that disconnects: what the peer waits for stays until it does so, too.
    @Test
    void whatIsWaitedForIsFlushedAtTheEnd() throws VerbsException {
        link.receive(near, 4, 64);
        link.receive(far, 5, 64);
        link.client.disconnect();
        assertThat(link.await(near, 1).status(0)).isEqualTo(CompletionStatus.FLUSHED);
        ConnectionId server =
                Loopback.await(link.events, ConnectionEventKind.DISCONNECTED).id();
        assertThat(far.queue().poll(Completions.allocate(link.arena, 1))).isZero();
        server.disconnect();
        Completions flushed = link.await(far, 1);
        assertThat(flushed.id(0)).isEqualTo(5);
        assertThat(flushed.status(0)).isEqualTo(CompletionStatus.FLUSHED);
    }
}
