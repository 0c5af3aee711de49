// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Pointers and atomics.
interface WordContract extends ClusterUnderTest {
    Layout NODE = new Layout(11, 1, 32, false, List.of(8L, 16L));

    @Test
    default void pointersAreStoredAndSurviveACrash() {
        long head = cluster().malloc(64);
        long typed = cluster().malloc(NODE);
        long tail = cluster().malloc(10, Alloc.OPAQUE);
        memcpy(tail, bytes(10));
        byte[] content = read(tail, 10);
        cluster().putPointer(typed + 16, tail);
        cluster().publish(head + 56, typed);
        cluster().roots().put("head", head);
        cluster().putPointer(head, head);
        crash();
        assertThat(cluster().getLong(head + 56)).isEqualTo(typed);
        assertThat(cluster().getLong(typed + 16)).isEqualTo(tail);
        assertThat(cluster().getLong(head)).isEqualTo(head);
        assertThat(read(tail, 10)).isEqualTo(content);
        cluster().putPointer(head + 56, 0);
        assertThat(cluster().getLong(head + 56)).isZero();
        crash();
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(typed));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(tail));
    }

    @Test
    default void slotsThatCannotHoldAPointerAreRefused() {
        long target = cluster().malloc(16);
        long opaque = cluster().malloc(64, Alloc.OPAQUE.withZeroes());
        long typed = cluster().malloc(NODE, 100);
        long block = cluster().malloc(64);
        pointerRefused(PointerFault.WRONG_KIND, () -> cluster().putPointer(opaque, target));
        pointerRefused(PointerFault.WRONG_KIND, () -> cluster().publish(opaque + 8, target));
        pointerRefused(PointerFault.WRONG_KIND, () -> cluster().unlinkAndFree(opaque, target, 0));
        pointerRefused(PointerFault.WRONG_KIND, () -> cluster().putPointer(typed, target));
        pointerRefused(PointerFault.WRONG_KIND, () -> cluster().putPointer(typed + 40, target));
        pointerRefused(PointerFault.MISALIGNED, () -> cluster().putPointer(block + 4, target));
        pointerRefused(PointerFault.MISALIGNED, () -> cluster().getLong(block + 1));
        pointerRefused(PointerFault.MISALIGNED, () -> cluster().getAndAdd(block + 1, 1));
        pointerRefused(PointerFault.NULL, () -> cluster().putPointer(0, target));
        pointerRefused(PointerFault.NULL, () -> cluster().publish(block, 0));
        pointerRefused(PointerFault.FOREIGN, () -> cluster().getAndSet(8, 1));
        cluster().free(block);
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().putPointer(block, target));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().getLong(block));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().compareAndSet(block, 0, 1));
        assertThat(content(opaque)).containsOnly(0);
        assertThat(content(typed)).containsOnly(0);
    }

    @Test
    default void pointersToWhatIsNoLiveBlockAreRefused() {
        long block = cluster().malloc(64);
        long typed = cluster().malloc(NODE);
        long freed = cluster().malloc(64, Alloc.OPAQUE);
        cluster().free(freed);
        for (long slot : new long[] {block, typed + 8}) {
            pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().putPointer(slot, freed));
            pointerRefused(PointerFault.INTERIOR, () -> cluster().putPointer(slot, block + 16));
            pointerRefused(PointerFault.MISALIGNED, () -> cluster().putPointer(slot, block + 8));
            pointerRefused(PointerFault.FOREIGN, () -> cluster().putPointer(slot, 5));
            assertThat(cluster().getLong(slot)).isZero();
        }
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().compareAndSet(typed + 8, 0, freed));
        pointerRefused(PointerFault.FOREIGN, () -> cluster().getAndSet(typed + 8, 12));
        pointerRefused(PointerFault.WRONG_KIND, () -> cluster().getAndAdd(typed + 8, 16));
        assertThat(cluster().getLong(typed + 8)).isZero();
        assertThat(cluster().compareAndSet(typed + 8, 0, block)).isTrue();
        assertThat(cluster().getAndSet(typed + 8, 0)).isEqualTo(block);
        assertThat(cluster().getAndAdd(typed, 16)).isZero();
    }

    @Test
    default void atomicsSayWhatWasThereAndSurviveACrash() {
        long block = cluster().malloc(64, Alloc.OPAQUE.withZeroes());
        cluster().roots().put("words", block);
        assertThat(cluster().getAndAdd(block, 5)).isZero();
        assertThat(cluster().getAndAdd(block, -7)).isEqualTo(5);
        assertThat(cluster().getAndSet(block + 8, Long.MAX_VALUE)).isZero();
        assertThat(cluster().getAndAdd(block + 8, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(cluster().compareAndSet(block + 16, 1, 2)).isFalse();
        assertThat(cluster().compareAndSet(block + 16, 0, 2)).isTrue();
        crash();
        assertThat(cluster().getLong(block)).isEqualTo(-2);
        assertThat(cluster().getLong(block + 8)).isEqualTo(Long.MIN_VALUE);
        assertThat(cluster().getLong(block + 16)).isEqualTo(2);
    }

    @Test
    default void racingAtomicsLoseNoUpdate() throws Exception {
        long block = cluster().malloc(64);
        int threads = 4;
        int rounds = Seed.deep() ? 200_000 : 1000;
        Callable<Long> racer = () -> {
            long sum = 0;
            for (int i = 0; i < rounds; i++) {
                cluster().getAndAdd(block, 3);
                long seen;
                do {
                    seen = cluster().getLong(block + 8);
                } while (!cluster().compareAndSet(block + 8, seen, seen + 1));
                sum += cluster().getAndSet(block + 16, 1);
            }
            return sum;
        };
        List<Callable<Long>> racers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            racers.add(racer);
        }
        long sum = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<Long> done : pool.invokeAll(racers)) {
                sum += done.get();
            }
        }
        assertThat(cluster().getLong(block)).isEqualTo(3L * threads * rounds);
        assertThat(cluster().getLong(block + 8)).isEqualTo((long) threads * rounds);
        assertThat(sum).isEqualTo((long) threads * rounds - 1);
    }

    @Test
    default void unlinkingFreesExactlyWhatTheWordHeld() {
        long slot = cluster().malloc(16);
        long first = cluster().malloc(100);
        long second = cluster().malloc(100);
        long third = cluster().malloc(100);
        cluster().roots().put("slot", slot);
        cluster().putPointer(slot, first);
        assertThat(cluster().unlinkAndFree(slot, second, third)).isFalse();
        assertThat(cluster().getLong(slot)).isEqualTo(first);
        assertThat(cluster().usableSize(second)).isPositive();
        assertThat(cluster().unlinkAndFree(slot, first, second)).isTrue();
        assertThat(cluster().getLong(slot)).isEqualTo(second);
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(first));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().unlinkAndFree(slot, first, 0));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().unlinkAndFree(slot, second, first));
        pointerRefused(PointerFault.NULL, () -> cluster().unlinkAndFree(slot, 0, second));
        assertThat(cluster().getLong(slot)).isEqualTo(second);
        crash();
        assertThat(cluster().getLong(slot)).isEqualTo(second);
        assertThat(cluster().unlinkAndFree(slot, second, 0)).isTrue();
        crash();
        assertThat(cluster().getLong(slot)).isZero();
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(second));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(third));
    }

    @Test
    default void racingUnlinksFreeABlockOnce() throws Exception {
        long slot = cluster().malloc(16);
        for (int round = 0; round < 200; round++) {
            long block = cluster().malloc(100);
            cluster().putPointer(slot, block);
            Callable<Integer> racer = () -> {
                try {
                    return cluster().unlinkAndFree(slot, block, 0) ? 1 : 0;
                } catch (io.btd.api.BtdException.InvalidPointer lost) {
                    return 0;
                }
            };
            int winners = 0;
            try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
                for (Future<Integer> done : pool.invokeAll(List.of(racer, racer, racer))) {
                    winners += done.get();
                }
            }
            assertThat(winners).isOne();
            assertThat(cluster().getLong(slot)).isZero();
        }
        assertThat(cluster().stat().liveBlocks()).isOne();
    }
}
