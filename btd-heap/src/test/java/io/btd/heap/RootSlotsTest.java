// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.InvalidRoot;
import io.btd.api.Roots;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Dice;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Slots that are set once.
class RootSlotsTest {
    private final ArenaFile arena = TinyArena.open(Geometry.tiny(512));
    private final Heap heap = new Heap(arena, false);
    private final RootSlots slots = new RootSlots(heap);

    @Test
    void theFirstBlockStays() {
        long first = heap.malloc(16, Alloc.POINTERS);
        long second = heap.malloc(16, Alloc.POINTERS);
        assertThat(slots.get(0)).isZero();
        assertThat(slots.setOnce(0, first)).isEqualTo(first);
        assertThat(slots.setOnce(0, second)).isEqualTo(first);
        assertThat(slots.get(0)).isEqualTo(first);
        assertThat(slots.setOnce(Roots.SLOTS - 1, second)).isEqualTo(second);
    }

    @Test
    void racingThreadsAgreeOnOneWinner() throws Exception {
        int racers = 4;
        for (int number = 0; number < (Dice.deep() ? Roots.SLOTS : 32); number++) {
            int slot = number;
            CyclicBarrier start = new CyclicBarrier(racers);
            List<Callable<long[]>> calls = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                calls.add(() -> {
                    long mine = heap.malloc(16, Alloc.POINTERS);
                    start.await();
                    return new long[] {mine, slots.setOnce(slot, mine), slots.get(slot)};
                });
            }
            int winners = 0;
            try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
                for (Future<long[]> done : threads.invokeAll(calls)) {
                    long[] seen = done.get();
                    assertThat(seen[1]).isEqualTo(seen[2]).isEqualTo(slots.get(slot));
                    winners += seen[0] == seen[1] ? 1 : 0;
                }
            }
            assertThat(winners).isOne();
        }
    }

    @Test
    void whatIsNoBlockOrNoSlotIsRefused() {
        long freed = heap.malloc(16, Alloc.POINTERS);
        heap.free(freed);
        assertThatThrownBy(() -> slots.setOnce(0, freed)).isInstanceOf(InvalidPointer.class);
        assertThatThrownBy(() -> slots.setOnce(0, 0)).isInstanceOf(InvalidPointer.class);
        assertThat(slots.get(0)).isZero();
        long block = heap.malloc(16, Alloc.POINTERS);
        slots.setOnce(0, block);
        assertThatThrownBy(() -> slots.setOnce(0, freed == block ? 0 : freed)).isInstanceOf(InvalidPointer.class);
        for (int number : new int[] {-1, Roots.SLOTS, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> slots.get(number)).isInstanceOf(InvalidRoot.class);
            assertThatThrownBy(() -> slots.setOnce(number, freed)).isInstanceOf(InvalidRoot.class);
        }
    }
}
