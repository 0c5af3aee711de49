// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.Full;
import io.btd.api.GlobalPointer;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Dice;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import io.btd.pmem.TinyArena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Session records against a map, across reopening.
class SessionTableTest {
    private ArenaFile arena = TinyArena.open(Geometry.tiny(1024));
    private Heap heap = new Heap(arena, false, Reach.CLUSTER, null);
    private SessionTable table = new SessionTable(heap);

    private void reopen() {
        assertThat(heap.close(true))
                .as("sessions go on, so the arena is to be marked")
                .hasValue(false);
        arena.markClosed(false);
        arena = ArenaFile.open(arena.medium());
        heap = new Heap(arena, false, Reach.CLUSTER, null);
        table = new SessionTable(heap);
    }

    @Test
    void theTableFollowsAMap() {
        SplittableRandom random = Dice.roll();
        TreeMap<Long, SessionRecord> model = new TreeMap<>();
        Set<Long> ever = new HashSet<>(Set.of(0L));
        for (int step = 0; step < 2_000; step++) {
            int what = random.nextInt(100);
            if (what == 0) {
                reopen();
            } else if (what < 60 || model.isEmpty()) {
                long high = random.nextLong();
                long id = table.open(high, step, 1 + step);
                assertThat(ever.add(id)).as("an id is used once").isTrue();
                model.put(id, new SessionRecord(id, high, step, 1 + step, arena.generation()));
            } else {
                long id = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
                assertThat(table.close(id)).isTrue();
                assertThat(table.close(id)).isFalse();
                model.remove(id);
            }
            if (what < 5) {
                assertThat(table.sessions()).containsExactlyElementsOf(model.values());
            }
        }
        reopen();
        assertThat(table.sessions()).containsExactlyElementsOf(model.values());
        assertThat(table.close(0)).isFalse();
    }

    @Test
    void recordsAreReused() {
        table.close(table.open(1, 2, 3));
        long before = heap.pages().availablePages();
        for (int i = 0; i < 1_000; i++) {
            assertThat(table.close(table.open(1, 2, 3))).isTrue();
        }
        assertThat(heap.pages().availablePages()).isEqualTo(before);
    }

    @Test
    void aFullArenaTakesNoMoreSessionsAndKeepsTheOthers() {
        List<Long> ids = new ArrayList<>();
        ids.add(table.open(1, 1, 1));
        assertThatThrownBy(() -> {
                    while (true) {
                        heap.malloc(16, Alloc.OPAQUE);
                    }
                })
                .isInstanceOf(Full.class);
        assertThatThrownBy(() -> {
                    while (true) {
                        ids.add(table.open(1, 1, 1));
                    }
                })
                .isInstanceOf(Full.class);
        assertThat(table.sessions().stream().map(SessionRecord::id)).containsExactlyElementsOf(ids);
        table.close(ids.getFirst());
        assertThat(table.open(2, 2, 2)).as("a free record is enough").isPositive();
    }

    @Test
    void manyThreadsOpenAndClose() throws Exception {
        int threads = 4;
        List<Callable<List<Long>>> calls = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            calls.add(() -> {
                List<Long> kept = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    long id = table.open(1, 2, 3);
                    if (i % 10 == 0) {
                        kept.add(id);
                    } else {
                        table.close(id);
                    }
                }
                return kept;
            });
        }
        Set<Long> kept = new HashSet<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Future<List<Long>> done : executor.invokeAll(calls)) {
                kept.addAll(done.get());
            }
        }
        assertThat(kept).hasSize(threads * 20);
        reopen();
        assertThat(table.sessions().stream().map(SessionRecord::id)).containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void damagedRecordsAreRefused() {
        table.open(1, 2, 3);
        PersistentMemory memory = arena.memory();
        long slot = arena.geometry().rootSlot(RootSlots.SESSIONS);
        long chunk = memory.getLong(slot);
        long record = GlobalPointer.offset(chunk) + 16 + 63 & -64;
        assertThat(memory.getLong(record)).isEqualTo(table.sessions().getFirst().id());

        memory.setLong(record + 32, 77);
        refused();
        memory.setLong(record + 32, arena.generation());
        memory.setLong(GlobalPointer.offset(chunk), chunk);
        refused();
        memory.setLong(GlobalPointer.offset(chunk), chunk + 16);
        refused();
        memory.setLong(GlobalPointer.offset(chunk), heap.malloc(64, Alloc.POINTERS));
        refused();
    }

    private void refused() {
        arena = ArenaFile.open(arena.medium());
        Heap other = new Heap(arena, false, Reach.CLUSTER, null);
        assertThatThrownBy(() -> new SessionTable(other)).isInstanceOf(ArenaUnusable.class);
    }

    @Test
    void aHeapOfItsOwnEndsTheSessionsOfANode() {
        table.open(1, 2, 3);
        heap.close(true);
        arena.markClosed(false);
        arena = ArenaFile.open(arena.medium());
        heap = new Heap(arena, false);
        assertThat(heap.close()).as("the chunk is unreachable now").hasValue(false);
        arena = ArenaFile.open(arena.medium());
        assertThat(new SessionTable(new Heap(arena, false, Reach.CLUSTER, null)).sessions())
                .isEmpty();
    }

    @Test
    void aClosedHeapTakesNoSessions() {
        long id = table.open(1, 2, 3);
        heap.close(true);
        assertThatThrownBy(() -> table.open(1, 2, 3)).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> table.close(id)).isInstanceOf(Closed.class);
    }
}
