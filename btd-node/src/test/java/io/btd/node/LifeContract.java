// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.Durability;
import io.btd.api.Layout;
import io.btd.api.LocalAllocator;
import io.btd.api.Roots;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Who survives what, closing, and wiping.
interface LifeContract extends ClusterUnderTest {

    @Test
    default void exactlyWhatIsReachableSurvives() {
        for (boolean dies : new boolean[] {false, true}) {
            Layout layout = new Layout(21, 1, 24, false, List.of(16L));
            long head = cluster().malloc(100);
            long typed = cluster().malloc(layout);
            long large = cluster().malloc(100_000);
            long leaf = cluster().malloc(10, Alloc.OPAQUE);
            long lost = cluster().malloc(100);
            cluster().putPointer(head + 96, typed);
            cluster().putPointer(typed + 16, large);
            cluster().putPointer(large + 99_992, leaf);
            cluster().putPointer(lost, leaf);
            cluster().putPointer(leaf == 0 ? 0 : large, head);
            long hidden = cluster().malloc(64, Alloc.OPAQUE);
            long onlyHidden = cluster().malloc(64);
            cluster().write(hidden, MemorySegment.ofArray(new long[] {onlyHidden}), Durability.PERSISTENT);
            cluster().roots().put("head", head);
            cluster().roots().put("hidden", hidden);
            long stale = cluster().malloc(64);
            cluster().getAndSet(typed, stale);
            cluster().malloc(200_000, Alloc.OPAQUE);
            long generation = generation();
            if (dies) {
                crash();
            } else {
                reopen();
            }
            assertThat(generation()).isGreaterThan(generation);
            for (long block : new long[] {head, typed, large, leaf, hidden}) {
                assertThat(cluster().usableSize(block)).isPositive();
            }
            for (long block : new long[] {lost, onlyHidden, stale}) {
                assertThatThrownBy(() -> cluster().usableSize(block))
                        .isInstanceOf(io.btd.api.BtdException.InvalidPointer.class);
            }
            assertThat(cluster().getLong(typed + 16)).isEqualTo(large);
            cluster().roots().remove("head", head);
            cluster().roots().remove("hidden", hidden);
            cluster().free(new long[] {head, typed, large, leaf, hidden});
            assertThat(cluster().stat().liveBlocks()).isZero();
        }
    }

    @Test
    default void recoverySaysWhatItDid() {
        long kept = cluster().malloc(5000, Alloc.OPAQUE);
        cluster().roots().put("kept", kept);
        long[] lost = new long[50];
        cluster().malloc(100, Alloc.OPAQUE, lost);
        crash();
        assertThat(cluster().recovery().clean()).isFalse();
        assertThat(cluster().recovery().takenOver()).isTrue();
        assertThat(cluster().recovery().survivingBlocks()).isEqualTo(2);
        assertThat(cluster().recovery().reclaimedBlocks()).isGreaterThanOrEqualTo(50);
        assertThat(cluster().recovery().generation()).isEqualTo(generation());
        reopen();
        assertThat(cluster().recovery().clean()).isTrue();
        assertThat(cluster().recovery().takenOver()).isFalse();
        assertThat(cluster().stat().liveBlocks()).isEqualTo(2);
    }

    @Test
    default void everyCallIsRefusedOnceTheClusterIsClosed() {
        long block = cluster().malloc(64);
        Layout layout = new Layout(22, 1, 16, false, List.of());
        MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
        Roots roots = cluster().roots();
        LocalAllocator local = cluster().local();
        cluster().close();
        cluster().close();
        List<ThrowingCallable> calls = List.of(
                () -> cluster().malloc(16),
                () -> cluster().malloc(16, Alloc.OPAQUE),
                () -> cluster().malloc(100_000, Alloc.OPAQUE),
                () -> cluster().malloc(layout),
                () -> cluster().malloc(layout, 100),
                () -> cluster().malloc(16, Alloc.OPAQUE, new long[2]),
                () -> cluster().free(block),
                () -> cluster().free(new long[] {block}),
                () -> cluster().realloc(block, 100),
                () -> cluster().usableSize(block),
                () -> cluster().unlinkAndFree(block, block, 0),
                () -> cluster().memcpy(block, bytes),
                () -> cluster().memcpy(block, block, 8),
                () -> cluster().write(block, bytes, Durability.VISIBLE),
                () -> cluster().read(block, bytes),
                () -> cluster().readRaw(block, bytes),
                () -> cluster().getLong(block),
                () -> cluster().putPointer(block, block),
                () -> cluster().publish(block, block),
                () -> cluster().compareAndSet(block, 0, 1),
                () -> cluster().getAndAdd(block, 1),
                () -> cluster().getAndSet(block, 1),
                () -> cluster().view(block),
                () -> cluster().local(),
                () -> cluster().stat(),
                () -> local.malloc(16),
                () -> local.malloc(16, Alloc.OPAQUE),
                () -> local.free(block),
                () -> roots.get("x"),
                () -> roots.put("x", block),
                () -> roots.putIfAbsent("x", block),
                () -> roots.remove("x", block),
                roots::names,
                () -> roots.slot(0),
                () -> roots.setSlotOnce(0, block));
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)).as("call %d", i).isInstanceOf(Closed.class);
        }
        reopen();
        assertThat(cluster().stat().liveBlocks()).isZero();
    }

    @Test
    default void aThreadsAllocatorServesThatThreadOnly() throws Exception {
        LocalAllocator local = cluster().local();
        long block = local.malloc(100);
        assertThat(content(block)).containsOnly(0);
        long opaque = local.malloc(50_000, Alloc.OPAQUE);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            other.submit(() -> {
                        assertThatThrownBy(() -> local.malloc(16)).isInstanceOf(WrongThread.class);
                        assertThatThrownBy(() -> local.malloc(16, Alloc.OPAQUE)).isInstanceOf(WrongThread.class);
                        assertThatThrownBy(() -> local.free(block)).isInstanceOf(WrongThread.class);
                        cluster().local().free(block);
                    })
                    .get();
        }
        local.free(opaque);
        assertThat(cluster().stat().liveBlocks()).isZero();
    }

    @Test
    default void callsInProgressEndBeforeTheClusterCloses() throws Exception {
        for (int round = 0; round < (Seed.deep() ? 100 : 8); round++) {
            int threads = 4;
            CountDownLatch running = new CountDownLatch(threads);
            List<Callable<Integer>> racers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "racer " + i;
                racers.add(() -> workUntilClosed(name, running));
            }
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                List<Future<Integer>> all = racers.stream().map(pool::submit).toList();
                running.await();
                cluster().close();
                for (Future<Integer> one : all) {
                    assertThat(one.get()).isPositive();
                }
            }
            reopen();
            Set<Long> slots = new HashSet<>();
            for (String name : cluster().roots().names()) {
                long slot = cluster().roots().get(name);
                assertThat(cluster().roots().remove(name, slot)).isTrue();
                slots.add(slot);
            }
            for (long slot : slots) {
                long last = cluster().getLong(slot);
                if (last != 0) {
                    cluster().free(last);
                }
                cluster().free(slot);
            }
            assertThat(cluster().stat().liveBlocks()).as("lost on the way").isZero();
        }
    }

    private long generation() {
        return cluster().stat().arenas().getFirst().generation();
    }

    private int workUntilClosed(String name, CountDownLatch running) {
        int done = 0;
        try {
            long slot = cluster().malloc(16);
            cluster().roots().put(name, slot);
            while (true) {
                if (done++ == 20) {
                    running.countDown();
                }
                long block = cluster().malloc(100);
                cluster().putPointer(slot, block);
                block = cluster().malloc(100);
                cluster().unlinkAndFree(slot, cluster().getLong(slot), block);
                cluster().memcpy(block, MemorySegment.ofArray(new byte[64]));
                cluster().roots().put(name + " too", slot);
                cluster().roots().remove(name + " too", slot);
                cluster().unlinkAndFree(slot, block, 0);
            }
        } catch (Closed closed) {
            return done;
        }
    }

    @Test
    default void freedBlocksHoldNothingWhereTheyAreWiped() {
        reopen(true);
        for (int size : new int[] {16, 1000, 30_000, 100_000}) {
            byte[] secret = new byte[size];
            Arrays.fill(secret, (byte) 0x5a);
            for (int way = 0; way < 4; way++) {
                long[] blocks = new long[20];
                cluster().malloc(size, Alloc.OPAQUE, blocks);
                cluster().roots().put("one", blocks[0]);
                for (long block : blocks) {
                    cluster().write(block, MemorySegment.ofArray(secret), Durability.PERSISTENT);
                }
                switch (way) {
                    case 0 -> {
                        cluster().roots().remove("one", blocks[0]);
                        cluster().free(blocks);
                    }
                    case 1 -> crash(true);
                    case 2 -> reopen(true);
                    default -> {
                        blocks[1] = cluster().realloc(blocks[1], size * 2L);
                        cluster().free(blocks[1]);
                    }
                }
                List<Long> after = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    long block = cluster().malloc(size, Alloc.OPAQUE);
                    after.add(block);
                    assertThat(content(block)).as("size=%d, way=%d", size, way).containsOnly(0);
                }
                after.forEach(cluster()::free);
                if (way == 3) {
                    for (int i = 0; i < blocks.length; i++) {
                        if (i > 1) {
                            cluster().free(blocks[i]);
                        }
                    }
                }
                if (way != 0) {
                    cluster().roots().remove("one", blocks[0]);
                    cluster().free(blocks[0]);
                }
                assertThat(cluster().stat().liveBlocks()).isZero();
            }
        }
    }
}
