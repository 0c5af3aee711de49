// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static io.btd.client.ClientUnderTest.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.Batch;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.InvalidRoot;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.BtdException.NotLocal;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.ClusterStat;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.LocalAllocator;
import io.btd.api.NodeStat;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.client.FakeNode.Fate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every verb against scripted nodes that behave.
@Timeout(60)
class RemoteClusterTest {
    private final ClientUnderTest client = new ClientUnderTest(3);
    private final BtdCluster cluster = client.cluster();

    @AfterEach
    void end() {
        client.close();
    }

    private static MemorySegment bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return MemorySegment.ofArray(bytes);
    }

    private byte[] read(long address, int count) {
        byte[] bytes = new byte[count];
        cluster.read(address, MemorySegment.ofArray(bytes));
        return bytes;
    }

    @Test
    void blocksAreAllocatedUsedAndFreed() {
        long block = cluster.malloc(100);
        assertThat(cluster.usableSize(block)).isEqualTo(112);
        cluster.memcpy(block, bytes(1, 2, 3));
        assertThat(read(block, 3)).containsExactly(1, 2, 3);
        assertThat(cluster.write(block + 1, bytes(9), Durability.PERSISTENT)).isEqualTo(Durability.PERSISTENT);
        byte[] raw = new byte[3];
        cluster.readRaw(block, MemorySegment.ofArray(raw));
        assertThat(raw).containsExactly(1, 9, 3);
        long grown = cluster.realloc(block, 1000);
        cluster.adopt(grown);
        cluster.free(grown);
        assertThatThrownBy(() -> cluster.free(grown)).isInstanceOf(InvalidPointer.class);
        long typed = cluster.malloc(new Layout(1, 0, 64, false, List.of(0L)));
        assertThat(client.node(GlobalPointer.node(typed)).memory.live()).contains(typed);
    }

    @Test
    void wordsAreReadAndChanged() {
        long block = cluster.malloc(64);
        assertThat(cluster.getAndAdd(block, 5)).isZero();
        assertThat(cluster.getAndSet(block, 7)).isEqualTo(5);
        assertThat(cluster.compareAndSet(block, 7, 8)).isTrue();
        assertThat(cluster.compareAndSet(block, 7, 9)).isFalse();
        assertThat(cluster.getLong(block)).isEqualTo(8);
    }

    @Test
    void segmentsOfOneThreadAreReadAndWritten() {
        long block = cluster.malloc(64);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mine = arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 2, 3);
            cluster.memcpy(block, mine);
            mine.fill((byte) 0);
            cluster.read(block, mine);
            assertThat(mine.toArray(ValueLayout.JAVA_LONG)).containsExactly(1, 2, 3);
            Batch batch = cluster.batch();
            MemorySegment other = arena.allocate(24);
            batch.read(block, other);
            batch.run();
            assertThat(other.toArray(ValueLayout.JAVA_LONG)).containsExactly(1, 2, 3);
            assertThat(cluster.async().read(block, mine))
                    .failsWithin(seconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(WrongThread.class);
        }
    }

    @Test
    void hintsDecideWhereBlocksGo() {
        long third = cluster.on(3).malloc(64);
        assertThat(GlobalPointer.node(third)).isEqualTo(3);
        assertThat(GlobalPointer.node(cluster.near(third).malloc(64))).isEqualTo(3);
        List<Integer> turns = new ArrayList<>();
        BtdCluster spread = cluster.spread();
        for (int i = 0; i < 6; i++) {
            turns.add(GlobalPointer.node(spread.malloc(64)));
        }
        assertThat(turns.subList(0, 3)).containsExactlyInAnyOrder(1, 2, 3).isEqualTo(turns.subList(3, 6));
        assertThatThrownBy(() -> cluster.on(4)).isInstanceOf(InvalidConfig.class);
        assertThatThrownBy(() -> cluster.near(third ^ 8L << 52)).isInstanceOf(InvalidPointer.class);
    }

    @Test
    void fullNodesAreSkippedAndAFullClusterSaysSo() {
        int left = (1 << 20) - 4096;
        for (int node = 1; node <= 3; node++) {
            cluster.on(node).malloc(left - node * 1024L);
        }
        assertThat(GlobalPointer.node(cluster.malloc(3 * 1024))).isEqualTo(3);
        assertThat(GlobalPointer.node(cluster.on(1).malloc(512))).isEqualTo(1);
        assertThatThrownBy(() -> cluster.malloc(4096))
                .isInstanceOfSatisfying(
                        Full.class, full -> assertThat(full.largest()).isEqualTo(2048));
        assertThatThrownBy(() -> cluster.on(1).malloc(4096))
                .isInstanceOfSatisfying(
                        Full.class, full -> assertThat(full.largest()).isEqualTo(512));
        assertThat(GlobalPointer.node(cluster.near(GlobalPointer.of(1, 1, 16)).malloc(2048)))
                .isEqualTo(2);
    }

    @Test
    void manyAreAllocatedAllOrNoneAndFreedInOrder() {
        long[] blocks = new long[10];
        cluster.malloc(64, Alloc.OPAQUE, blocks);
        long[] tooMany = new long[100_000];
        assertThatThrownBy(() -> cluster.malloc(16, Alloc.OPAQUE, tooMany)).isInstanceOf(Full.class);
        assertThat(tooMany).containsOnly(0);
        assertThat(client.nodes.stream()
                        .mapToInt(node -> node.memory.live().size())
                        .sum())
                .isEqualTo(10);
        long other = cluster.on(GlobalPointer.node(blocks[0]) % 3 + 1).malloc(64);
        long[] order = {blocks[0], other, blocks[0], blocks[1]};
        assertThatThrownBy(() -> cluster.free(order))
                .isInstanceOfSatisfying(
                        InvalidPointer.class,
                        refused -> assertThat(refused.pointer()).isEqualTo(blocks[0]));
        cluster.usableSize(blocks[1]);
        assertThatThrownBy(() -> cluster.usableSize(other)).isInstanceOf(InvalidPointer.class);
    }

    @Test
    void pointersToOtherNodesAreExportedFirst() {
        long slot = cluster.on(1).malloc(64);
        long target = cluster.on(2).malloc(64);
        cluster.putPointer(slot, target);
        assertThat(client.node(2).memory.exported()).containsExactly(target);
        assertThat(client.session(2).held()).isZero();
        assertThat(cluster.getLong(slot)).isEqualTo(target);

        long second = cluster.on(3).malloc(64);
        assertThat(cluster.compareAndSet(slot, target, second)).isTrue();
        assertThat(client.node(3).memory.exported()).containsExactly(second);

        MemorySegment words = MemorySegment.ofArray(new long[] {target + 16});
        cluster.memcpy(slot + 8, words);
        assertThat(cluster.getLong(slot + 8)).isEqualTo(target + 16);

        assertThatThrownBy(() -> cluster.putPointer(slot, target + 16))
                .isInstanceOfSatisfying(
                        InvalidPointer.class,
                        refused -> assertThat(refused.fault()).isEqualTo(PointerFault.NOT_ALLOCATED));
        assertThatThrownBy(() -> cluster.putPointer(slot, 5))
                .isInstanceOfSatisfying(
                        InvalidPointer.class,
                        refused -> assertThat(refused.fault()).isEqualTo(PointerFault.FOREIGN));
        assertThat(cluster.getLong(slot)).isEqualTo(second);
    }

    @Test
    void aBlockOfAnotherNodeIsUnlinkedAndFreed() {
        long slot = cluster.on(1).malloc(64);
        long old = cluster.on(2).malloc(64);
        long fresh = cluster.on(3).malloc(64);
        cluster.putPointer(slot, old);
        assertThat(cluster.unlinkAndFree(slot, fresh, 0)).isFalse();
        assertThat(client.node(3).memory.live()).contains(fresh);
        assertThat(cluster.unlinkAndFree(slot, old, fresh)).isTrue();
        assertThat(cluster.getLong(slot)).isEqualTo(fresh);
        assertThat(client.node(2).memory.live()).doesNotContain(old);
        assertThatThrownBy(() -> cluster.unlinkAndFree(slot, old, 0)).isInstanceOf(InvalidPointer.class);
        assertThat(cluster.getLong(slot)).isEqualTo(fresh);
    }

    @Test
    void bytesAreCopiedWithinAndBetweenNodes() {
        long here = cluster.on(1).malloc(64);
        long there = cluster.on(2).malloc(64);
        cluster.memcpy(here, bytes(1, 2, 3, 4));
        cluster.memcpy(here + 8, here, 4);
        cluster.memcpy(there, here + 8, 4);
        assertThat(read(there, 4)).containsExactly(1, 2, 3, 4);
        assertThat(client.node(1).memory.made()).anyMatch(Request.Copy.class::isInstance);
        assertThatThrownBy(() -> cluster.memcpy(here, there, -1)).isInstanceOf(InvalidSize.class);
        assertThatThrownBy(() -> cluster.memcpy(here, there, BtdCluster.MAX_MEMCPY + 1))
                .isInstanceOf(InvalidSize.class);
    }

    @Test
    void namesAndSlotsLiveOnTheNodesOfTheirParts() {
        long block = cluster.malloc(64);
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h", "ä", "\uD83D\uDE00", "\uFFFD");
        for (String name : names) {
            assertThat(cluster.roots().put(name, block)).isZero();
        }
        assertThat(client.nodes)
                .allMatch(node -> node.memory.made().stream().anyMatch(Request.RootPut.class::isInstance));
        assertThat(cluster.roots().names())
                .containsExactlyElementsOf(names.stream()
                        .sorted((a, b) -> Integer.compare(a.codePointAt(0), b.codePointAt(0)))
                        .toList());
        assertThat(cluster.roots().get("c")).isEqualTo(block);
        assertThat(cluster.roots().putIfAbsent("c", cluster.malloc(64))).isEqualTo(block);
        assertThat(cluster.roots().remove("c", 1)).isFalse();
        assertThat(cluster.roots().remove("c", block)).isTrue();
        assertThat(cluster.roots().get("c")).isZero();
        assertThat(cluster.roots().setSlotOnce(63, block)).isEqualTo(block);
        assertThat(cluster.roots().slot(63)).isEqualTo(block);
        assertThatThrownBy(() -> cluster.roots().slot(64)).isInstanceOf(InvalidRoot.class);
        assertThatThrownBy(() -> cluster.roots().get("")).isInstanceOf(InvalidRoot.class);
        assertThatThrownBy(() -> cluster.roots().get("x".repeat(1025))).isInstanceOf(InvalidRoot.class);
    }

    @Test
    void aBatchKeepsTheOrderOfEachNodeAndOneFailureHarmsNoOther() {
        long here = cluster.on(1).malloc(64);
        long there = cluster.on(2).malloc(64);
        Batch batch = cluster.batch();
        Batch.Result<Long> malloc = batch.malloc(64, Alloc.OPAQUE);
        batch.memcpy(here, bytes(1, 0, 0, 0, 0, 0, 0, 0));
        Batch.Result<Long> added = batch.getAndAdd(here, 1);
        batch.putPointer(here, there);
        Batch.Result<Long> pointer = batch.getLong(here);
        Batch.Result<Void> bad = batch.free(here + 16);
        Batch.Result<Boolean> set = batch.compareAndSet(there, 0, 4);
        byte[] filled = new byte[8];
        batch.read(there, MemorySegment.ofArray(filled));
        Batch.Result<Void> nowhere = batch.free(0);
        assertThatThrownBy(malloc::get).isInstanceOf(IllegalStateException.class);
        batch.run();
        assertThat(added.get()).isEqualTo(1);
        assertThat(pointer.get()).isEqualTo(there);
        assertThat(set.get()).isTrue();
        assertThat(filled[0]).isEqualTo((byte) 4);
        assertThatThrownBy(bad::get).isInstanceOf(InvalidPointer.class);
        assertThatThrownBy(nowhere::get).isInstanceOf(InvalidPointer.class);
        assertThat(client.node(GlobalPointer.node(malloc.get())).memory.live()).contains(malloc.get());
        assertThat(client.node(2).memory.exported()).contains(there);
        batch.run();
    }

    @Test
    void largeBatchesTravelInSeveralRequests() {
        long block = cluster.on(1).malloc(64);
        Batch batch = cluster.batch();
        List<Batch.Result<Long>> results = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            results.add(batch.getAndAdd(block, 1));
        }
        batch.run();
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get()).isEqualTo(i);
        }
    }

    @Test
    void futuresFailWithTheErrorItself() throws Exception {
        long block = cluster.async().malloc(64, Alloc.POINTERS).get();
        assertThat(cluster.async().getAndAdd(block, 3).get()).isZero();
        CompletableFuture<Throwable> error = new CompletableFuture<>();
        var _ = cluster.async().free(block + 16).whenComplete((_, failure) -> error.complete(failure));
        assertThat(error.get()).isInstanceOf(InvalidPointer.class);
        assertThat(cluster.async().free(0)).isCompletedExceptionally();
    }

    @Test
    void everyNodeIsAskedHowItIs() {
        cluster.on(1).malloc(64);
        client.node(2).down();
        client.node(3).elsewhere().announce(true);
        ClusterStat stat = cluster.stat();
        assertThat(stat.nodes())
                .extracting(NodeStat::state)
                .containsExactly(NodeStat.State.UP, NodeStat.State.DOWN, NodeStat.State.DOWN);
        assertThat(stat.nodes().getFirst().transport()).isEqualTo("loop");
        assertThat(stat.nodes().getFirst().endpoint()).isEqualTo("loop:node-1");
        assertThat(stat.localCalls()).isEqualTo(2);
        assertThat(cluster.recovery().replayed()).isEqualTo(1);
    }

    @Test
    void viewsAndAllocatorsSayWhereTheyBelong() throws Exception {
        long block = cluster.malloc(64);
        assertThatThrownBy(() -> cluster.view(block)).isInstanceOf(NotLocal.class);
        LocalAllocator mine = cluster.local();
        mine.free(mine.malloc(64));
        CompletableFuture<Throwable> error = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                mine.malloc(64);
            } catch (BtdException refused) {
                error.complete(refused);
            }
        });
        assertThat(error.get()).isInstanceOf(WrongThread.class);
    }

    @Test
    void afterTheEndEverythingIsClosed() {
        long block = cluster.malloc(64);
        cluster.spread().close();
        client.node(GlobalPointer.node(block)).next(MessageType.GET_LONG, Fate.HOLD);
        CompletableFuture<Long> pending = cluster.async().getLong(block);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(
                cluster::close, work -> Thread.ofVirtual().start(work));
        while (client.core().isOpen()) {
            Thread.onSpinWait();
        }
        FakeNode node = client.node(GlobalPointer.node(block));
        while (node.seen.stream().noneMatch(Request.GetLong.class::isInstance)) {
            Thread.onSpinWait();
        }
        node.letGo();
        closing.join();
        assertThat(pending.join()).isZero();
        assertThat(node.memory.made()).last().isInstanceOf(Request.Close.class);
        assertThatThrownBy(() -> cluster.malloc(64)).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> cluster.free(block)).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> cluster.roots().get("a")).isInstanceOf(Closed.class);
        assertThatThrownBy(cluster::stat).isInstanceOf(Closed.class);
        cluster.close();
    }
}
