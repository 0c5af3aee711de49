// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdException.InvalidRoot;
import io.btd.api.Roots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Named blocks and set-once slots.
interface RootsContract extends ClusterUnderTest {

    @Test
    default void namesLeadToBlocksAcrossCrashesAndReopenings() {
        Map<String, Long> model = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            String name = "name " + random().nextInt(40);
            long there = model.getOrDefault(name, 0L);
            long block = cluster().malloc(16, Alloc.OPAQUE);
            switch (random().nextInt(3)) {
                case 0 -> {
                    assertThat(cluster().roots().put(name, block)).isEqualTo(there);
                    model.put(name, block);
                    if (there != 0) {
                        cluster().free(there);
                    }
                }
                case 1 -> {
                    assertThat(cluster().roots().putIfAbsent(name, block)).isEqualTo(there);
                    if (there == 0) {
                        model.put(name, block);
                    } else {
                        cluster().free(block);
                    }
                }
                default -> {
                    assertThat(cluster().roots().remove(name, block)).isFalse();
                    assertThat(cluster().roots().remove(name, there)).isEqualTo(there != 0);
                    if (model.remove(name) != null) {
                        cluster().free(there);
                    }
                    cluster().free(block);
                }
            }
            if (i % 60 == 59) {
                if (random().nextBoolean()) {
                    crash();
                } else {
                    reopen();
                }
            }
            assertThat(cluster().roots().names())
                    .isEqualTo(model.keySet().stream().sorted().toList());
            model.forEach((key, value) -> assertThat(cluster().roots().get(key)).isEqualTo(value));
        }
    }

    @Test
    default void namesAreSortedByTheirBytesAndMayHoldAnything() {
        long block = cluster().malloc(16);
        List<String> sorted = List.of("\0", "Z", "a", "a\0", "ab", "b b\n", "é", "\uffee", "\ud83c\udf7a");
        List<String> order = new ArrayList<>(sorted);
        java.util.Collections.shuffle(order, new java.util.Random(random().nextLong()));
        order.forEach(name -> cluster().roots().put(name, block));
        assertThat(cluster().roots().names()).isEqualTo(sorted);
        crash();
        assertThat(cluster().roots().names()).isEqualTo(sorted);
    }

    @Test
    default void namesAndSlotsOutOfRangeAreRefused() {
        long block = cluster().malloc(16);
        for (String name : List.of("", "x".repeat(Roots.MAX_NAME + 1), "é".repeat(Roots.MAX_NAME / 2 + 1))) {
            refused(InvalidRoot.class, () -> cluster().roots().get(name));
            refused(InvalidRoot.class, () -> cluster().roots().put(name, block));
            refused(InvalidRoot.class, () -> cluster().roots().putIfAbsent(name, block));
            refused(InvalidRoot.class, () -> cluster().roots().remove(name, block));
        }
        for (int slot : new int[] {-1, Roots.SLOTS, Integer.MIN_VALUE}) {
            refused(InvalidRoot.class, () -> cluster().roots().slot(slot));
            refused(InvalidRoot.class, () -> cluster().roots().setSlotOnce(slot, block));
        }
        String longest = "x".repeat(Roots.MAX_NAME);
        cluster().roots().put(longest, block);
        crash();
        assertThat(cluster().roots().get(longest)).isEqualTo(block);
    }

    @Test
    default void slotsAreSetOnceAndSurvive() {
        long[] blocks = new long[Roots.SLOTS];
        for (int slot = 0; slot < Roots.SLOTS; slot++) {
            blocks[slot] = cluster().malloc(16, Alloc.OPAQUE);
            assertThat(cluster().roots().slot(slot)).isZero();
            assertThat(cluster().roots().setSlotOnce(slot, blocks[slot])).isEqualTo(blocks[slot]);
        }
        for (int life = 0; life < 3; life++) {
            long late = cluster().malloc(16, Alloc.OPAQUE);
            for (int slot = 0; slot < Roots.SLOTS; slot++) {
                assertThat(cluster().roots().setSlotOnce(slot, late)).isEqualTo(blocks[slot]);
                assertThat(cluster().roots().slot(slot)).isEqualTo(blocks[slot]);
            }
            if (life == 0) {
                reopen();
            } else {
                crash();
            }
            assertThat(cluster().stat().liveBlocks()).isEqualTo(Roots.SLOTS);
        }
    }

    @Test
    default void racersForASlotOrANameAgreeOnOneWinner() throws Exception {
        int racers = 4;
        for (int round = 0; round < 20; round++) {
            int slot = round;
            CyclicBarrier start = new CyclicBarrier(racers);
            List<Callable<long[]>> calls = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                calls.add(() -> {
                    long mine = cluster().malloc(16);
                    start.await();
                    long inSlot = cluster().roots().setSlotOnce(slot, mine);
                    long before = cluster().roots().putIfAbsent("race " + slot, mine);
                    return new long[] {mine, inSlot, before == 0 ? mine : before};
                });
            }
            int slotWinners = 0;
            int nameWinners = 0;
            try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
                for (Future<long[]> done : threads.invokeAll(calls)) {
                    long[] seen = done.get();
                    assertThat(seen[1]).isEqualTo(cluster().roots().slot(slot));
                    assertThat(seen[2]).isEqualTo(cluster().roots().get("race " + slot));
                    slotWinners += seen[0] == seen[1] ? 1 : 0;
                    nameWinners += seen[0] == seen[2] ? 1 : 0;
                }
            }
            assertThat(slotWinners).isOne();
            assertThat(nameWinners).isOne();
        }
    }
}
