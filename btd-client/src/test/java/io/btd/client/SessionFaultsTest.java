// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static io.btd.client.ClientUnderTest.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.NodeDown;
import io.btd.api.BtdException.OutcomeUnknown;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.BtdException.Unauthenticated;
import io.btd.api.BtdException.Unreachable;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.client.FakeNode.Fate;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What calls come to when connections break, nodes die and sessions lapse.
@Timeout(120)
class SessionFaultsTest {
    private final ClientUnderTest client = new ClientUnderTest(2);
    private final BtdCluster cluster = client.cluster();
    private final FakeNode node = client.node(1);
    private final FakeNode other = client.node(2);

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void aCallWhoseConnectionBreaksTakesEffectOnce() {
        long word = cluster.on(1).malloc(64);
        node.next(MessageType.GET_AND_ADD, Fate.DROP_BEFORE);
        assertThat(cluster.getAndAdd(word, 1)).isZero();
        node.next(MessageType.GET_AND_ADD, Fate.DROP_AFTER);
        assertThat(cluster.getAndAdd(word, 1)).isEqualTo(1);
        assertThat(cluster.getLong(word)).isEqualTo(2);
        assertThat(node.answeredFromMemory).isEqualTo(1);
    }

    @Test
    void aDeadNodeLeavesTheOutcomeOfWhatWasSentUnknownAndReadsGoOn() throws Exception {
        long word = cluster.on(1).malloc(64);
        node.next(MessageType.GET_AND_ADD, Fate.IGNORE);
        CompletableFuture<Long> changed = cluster.async().getAndAdd(word, 1);
        CompletableFuture<Long> read;
        node.next(MessageType.GET_LONG, Fate.DIE_BEFORE);
        read = cluster.async().getLong(word);
        assertThat(read.get()).isZero();
        assertThat(changed)
                .failsWithin(seconds(30))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(OutcomeUnknown.class);
        node.next(MessageType.GET_AND_ADD, Fate.DIE_AFTER);
        assertThatThrownBy(() -> cluster.getAndAdd(word, 1)).isInstanceOf(OutcomeUnknown.class);
        assertThat(cluster.getLong(word)).isEqualTo(1);
    }

    @Test
    void afterARestartTheSessionDeclaresWhatItHolds() {
        long[] blocks = new long[5];
        cluster.on(1).malloc(64, Alloc.POINTERS, blocks);
        cluster.free(blocks[0]);
        cluster.putPointer(blocks[1], blocks[2]);
        node.restart();
        cluster.getLong(blocks[1]);
        assertThat(node.declared).hasSize(1);
        assertThat(node.declared.getFirst()).containsExactlyInAnyOrder(blocks[1], blocks[3], blocks[4]);
    }

    @Test
    void aCallThatFindsTheSessionOpenAfterAllIsSent() {
        long word = cluster.on(1).malloc(64);
        client.network.whileEncoding(() -> {
            node.restart();
            while (node.handshakes() < 2 || client.session(1).transport().isEmpty()) {
                Thread.onSpinWait();
            }
            while (client.session(1).expects()) {
                Thread.onSpinWait(); // the declaration is under way; after it nothing is that could push the call
            }
        });
        assertThat(cluster.withDeadline(seconds(60)).getLong(word)).isZero();
        assertThat(node.declared).hasSize(1);
        assertThat(node.seen)
                .extracting(Request::type)
                .filteredOn(type -> type == MessageType.PING || type == MessageType.GET_LONG)
                .as("the call goes out at once, not when the heartbeat comes by")
                .startsWith(MessageType.GET_LONG);
    }

    @Test
    void manyHoldingsAreDeclaredInParts() {
        ClientUnderTest large = new ClientUnderTest(0);
        FakeNode big = new FakeNode(1, 4 << 20, large.network, large.membership).up();
        large.nodes.add(big);
        long[] blocks = new long[150_000];
        large.cluster().malloc(16, Alloc.OPAQUE, blocks);
        big.restart();
        large.cluster().getLong(blocks[0]);
        assertThat(big.declared).extracting(part -> part.length).containsExactly(65_536, 65_536, 18_928);
        assertThat(big.declared.stream().flatMapToLong(Arrays::stream).sorted().toArray())
                .isEqualTo(Arrays.stream(blocks).sorted().toArray());
        large.close();
    }

    @Test
    void aLapsedSessionLosesWhatItHeldAndNothingElse() {
        long held = cluster.on(1).malloc(64);
        long slot = cluster.on(1).malloc(64);
        long published = cluster.on(1).malloc(64);
        cluster.roots().put("slot", slot);
        cluster.putPointer(slot, published);
        node.lapse();
        assertThat(cluster.getLong(slot)).isEqualTo(published);
        cluster.usableSize(published);
        assertThatThrownBy(() -> cluster.memcpy(held + 8, MemorySegment.ofArray(new byte[8])))
                .isInstanceOfSatisfying(
                        SessionLost.class, lost -> assertThat(lost.node()).isEqualTo(1));
        assertThatThrownBy(() -> cluster.putPointer(slot, held)).isInstanceOf(SessionLost.class);
        cluster.free(published);
    }

    @Test
    void noticedBlocksAreForgottenAndReleased() {
        long first = cluster.on(1).malloc(64);
        long second = cluster.on(1).malloc(64);
        node.notice(first);
        while (client.session(1).held() != 1) {
            Thread.onSpinWait();
        }
        cluster.getLong(second); // the release went out before it
        assertThat(node.released).containsExactly(first);
    }

    @Test
    void busyAndRecoveringNodesAreAskedAgain() {
        long word = cluster.on(1).malloc(64);
        node.next(MessageType.GET_AND_ADD, Fate.BUSY);
        node.next(MessageType.GET_AND_ADD, Fate.BUSY);
        assertThat(cluster.getAndAdd(word, 1)).isZero();
        node.next(MessageType.MALLOC, Fate.RECOVERING);
        assertThat(GlobalPointer.node(cluster.on(1).malloc(64))).isEqualTo(1);
        node.next(MessageType.MALLOC, Fate.RECOVERING);
        assertThat(GlobalPointer.node(cluster.near(word).malloc(64))).isEqualTo(2);
        assertThat(cluster.getLong(word)).isEqualTo(1);
    }

    @Test
    void aNodeThatIsDownIsAvoidedAndComesBack() {
        long word = cluster.on(1).malloc(64);
        node.down();
        for (int i = 0; i < 10; i++) {
            assertThat(GlobalPointer.node(cluster.malloc(64))).isEqualTo(2);
        }
        while (client.session(1).trouble() == null) {
            Thread.onSpinWait(); // what is sent before the end is noticed has an unknown outcome
        }
        BtdCluster brief = cluster.withDeadline(java.time.Duration.ofMillis(50));
        assertThatThrownBy(() -> brief.getAndAdd(word, 1))
                .isInstanceOfSatisfying(
                        NodeDown.class, down -> assertThat(down.node()).isEqualTo(1));
        assertThatThrownBy(() -> brief.on(1).malloc(64)).isInstanceOf(NodeDown.class);
        CompletableFuture<Long> waiting = cluster.async().getAndAdd(word, 1);
        node.up();
        assertThat(waiting.join()).isZero();
    }

    @Test
    void withoutALiveNodeThereIsNoMemory() {
        node.announce(false);
        other.announce(false);
        BtdCluster brief = cluster.withDeadline(java.time.Duration.ofMillis(50));
        assertThatThrownBy(() -> brief.malloc(64)).isInstanceOf(Unreachable.class);
    }

    @Test
    void moreCallsThanTheWindowTakesWaitForRoom() {
        node.window = 8;
        long word = cluster.on(1).malloc(64);
        List<CompletableFuture<Long>> calls = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            calls.add(cluster.async().getAndAdd(word, 1));
        }
        calls.forEach(CompletableFuture::join);
        assertThat(cluster.getLong(word)).isEqualTo(1000);
    }

    @Test
    void everyEffectHappensExactlyOnceWhateverBreaks() throws Exception {
        SplittableRandom random = Seed.roll();
        long[] words = {cluster.on(1).malloc(64), cluster.on(2).malloc(64)};
        Fate[] fates = {Fate.DROP_BEFORE, Fate.DROP_AFTER, Fate.BUSY};
        int rounds = Seed.deep() ? 2000 : 100;
        AtomicLong done = new AtomicLong();
        for (int round = 0; round < rounds; round++) {
            for (FakeNode broken : client.nodes) {
                if (random.nextInt(3) == 0) {
                    int skip = random.nextInt(10);
                    Fate fate = fates[random.nextInt(fates.length)];
                    AtomicLong left = new AtomicLong(skip);
                    broken.next(_ -> left.getAndDecrement() > 0 ? Fate.ANSWER : fate);
                }
            }
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long word = words[random.nextInt(2)];
                callers.add(Thread.ofVirtual().start(() -> {
                    cluster.getAndAdd(word, 1);
                    done.incrementAndGet();
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(done.get()).isEqualTo(rounds * 20L);
        assertThat(cluster.getLong(words[0]) + cluster.getLong(words[1])).isEqualTo(done.get());
    }

    @Test
    void acrossDeathsEveryCallIsCountedOnceOrUnknown() throws Exception {
        SplittableRandom random = Seed.roll();
        long word = cluster.on(1).malloc(64);
        AtomicLong done = new AtomicLong();
        AtomicLong unknown = new AtomicLong();
        int rounds = Seed.deep() ? 1000 : 50;
        for (int round = 0; round < rounds; round++) {
            AtomicLong left = new AtomicLong(random.nextInt(20));
            Fate fate = random.nextBoolean() ? Fate.DIE_BEFORE : Fate.DIE_AFTER;
            node.next(request ->
                    request.type() != MessageType.GET_AND_ADD || left.getAndDecrement() > 0 ? Fate.ANSWER : fate);
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    try {
                        cluster.getAndAdd(word, 1);
                        done.incrementAndGet();
                    } catch (OutcomeUnknown lost) {
                        unknown.incrementAndGet();
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(done.get() + unknown.get()).isEqualTo(rounds * 20L);
        assertThat(unknown.get()).isPositive();
        assertThat(cluster.getLong(word)).isBetween(done.get(), done.get() + unknown.get());
    }

    @Test
    void bothSidesProveThatTheyKnowTheSecret() {
        String secret = "0123456789abcdef";
        try (ClientUnderTest guarded = new ClientUnderTest(1)) {
            guarded.node(1).secret = secret;
            guarded.with(guarded.config().withSecret(secret));
            guarded.cluster().malloc(64);
        }
        refused(secret, "another secret of the client");
        refused(secret, null);
        refused(null, secret);
    }

    private static void refused(
            @org.jspecify.annotations.Nullable String ofNode, @org.jspecify.annotations.Nullable String ofClient) {
        ClientUnderTest guarded = new ClientUnderTest(1);
        guarded.node(1).secret = ofNode;
        if (ofClient != null) {
            guarded.with(guarded.config().withSecret(ofClient));
        }
        assertThatThrownBy(() -> guarded.cluster().malloc(64)).isInstanceOf(Unauthenticated.class);
        assertThat(guarded.node(1).seen).isEmpty();
        guarded.close();
    }

    @Test
    void closingEndsCallsThatWouldWaitForEver() {
        long word = cluster.on(1).malloc(64);
        ClientUnderTest brief = new ClientUnderTest(1);
        brief.with(brief.config().withDeadline(java.time.Duration.ofMillis(300)));
        long mine = brief.cluster().withDeadline(seconds(60)).malloc(64);
        brief.node(1).next(MessageType.GET_LONG, Fate.IGNORE);
        CompletableFuture<Long> stuck =
                brief.cluster().withDeadline(seconds(600)).async().getLong(mine);
        brief.cluster().close();
        assertThat(stuck).isCompletedExceptionally();
        brief.close();
        cluster.free(word);
    }

    @Test
    void theEndOfASessionOutlivesItsConnection() {
        cluster.on(1).malloc(64);
        cluster.on(2).malloc(64);
        node.next(MessageType.CLOSE, Fate.DROP_BEFORE);
        other.next(MessageType.CLOSE, Fate.DROP_AFTER);
        cluster.close();
        assertThat(node.seen)
                .extracting(Request::type)
                .filteredOn(MessageType.CLOSE::equals)
                .hasSize(2);
        assertThat(node.sessions()).isZero();
        assertThat(other.sessions()).isZero();
    }

    @Test
    void errorsSayWhichNode() {
        long block = cluster.on(2).malloc(64);
        cluster.free(block);
        assertThatThrownBy(() -> cluster.free(block))
                .isInstanceOfSatisfying(
                        BtdException.class, error -> assertThat(error.node()).isEqualTo(2));
    }
}
