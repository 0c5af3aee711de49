// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.btd.api.Alloc;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/// free, and what it refuses.
interface FreeContract extends ClusterUnderTest {

    /// Pointers that name no block, with what is wrong with each.
    private Map<Long, PointerFault> wrongPointers() {
        Map<Long, PointerFault> wrong = new LinkedHashMap<>();
        long any = cluster().malloc(16, Alloc.OPAQUE);
        for (long size : new long[] {16, 100, 5000, 50_000}) {
            long block = cluster().malloc(size, Alloc.OPAQUE);
            long freed = cluster().malloc(size, Alloc.OPAQUE);
            cluster().free(freed);
            wrong.put(freed, PointerFault.NOT_ALLOCATED);
            wrong.put(block + 1, PointerFault.MISALIGNED);
            wrong.put(block + 8, PointerFault.MISALIGNED);
            if (size > 16) {
                wrong.put(block + 16, PointerFault.INTERIOR);
                wrong.put(block + (size - 1) / 16 * 16, PointerFault.INTERIOR);
            }
            wrong.put(block ^ 1L << 44, PointerFault.FOREIGN);
            wrong.put(block ^ 1L << 52, PointerFault.FOREIGN);
            wrong.put(block ^ 1L << 63, PointerFault.FOREIGN);
        }
        long arena = any & -GlobalPointer.MAX_OFFSET;
        wrong.put(0L, PointerFault.NULL);
        wrong.put(1L, PointerFault.FOREIGN);
        wrong.put(16L, PointerFault.FOREIGN);
        wrong.put(-1L, PointerFault.FOREIGN);
        wrong.put(Long.MIN_VALUE, PointerFault.FOREIGN);
        wrong.put(arena, PointerFault.FOREIGN);
        wrong.put(arena + 64, PointerFault.FOREIGN);
        wrong.put(arena + GlobalPointer.MAX_OFFSET - 16, PointerFault.FOREIGN);
        wrong.put(any + 4 * CAPACITY / 2, PointerFault.NOT_ALLOCATED);
        return wrong;
    }

    @Test
    default void everyCallThatNeedsABlockRefusesWhatIsNone() {
        long slot = cluster().malloc(64);
        long kept = cluster().malloc(16);
        Map<Long, PointerFault> wrong = wrongPointers();
        Map<String, LongConsumer> calls = new LinkedHashMap<>();
        calls.put("free", pointer -> cluster().free(pointer));
        calls.put("local free", pointer -> cluster().local().free(pointer));
        calls.put("free many", pointer -> cluster().free(new long[] {pointer}));
        calls.put("realloc", pointer -> cluster().realloc(pointer, 1));
        calls.put("usableSize", pointer -> cluster().usableSize(pointer));
        calls.put("view", pointer -> cluster().view(pointer).close());
        calls.put("publish", pointer -> cluster().publish(slot, pointer));
        calls.put("unlinkAndFree", pointer -> cluster().unlinkAndFree(slot, pointer, 0));
        calls.put("roots.put", pointer -> cluster().roots().put("name", pointer));
        calls.put("roots.putIfAbsent", pointer -> cluster().roots().putIfAbsent("name", pointer));
        calls.put("roots.setSlotOnce", pointer -> cluster().roots().setSlotOnce(1, pointer));
        long before = cluster().stat().liveBlocks();
        wrong.forEach((pointer, fault) -> calls.forEach((name, call) -> {
            String what = name + " of " + GlobalPointer.toString(pointer);
            assertThat(catchThrowable(() -> call.accept(pointer)))
                    .as(what)
                    .isInstanceOfSatisfying(InvalidPointer.class, e -> {
                        assertThat(e.fault()).as(what).isEqualTo(fault);
                        assertThat(e.pointer()).as(what).isEqualTo(pointer);
                    });
        }));
        assertThat(cluster().stat().liveBlocks()).isEqualTo(before);
        assertThat(cluster().stat().openViews()).isZero();
        long elsewhere = wrong.values().stream()
                .filter(fault -> fault == PointerFault.FOREIGN || fault == PointerFault.NULL)
                .count();
        assertThat(cluster().stat().illegalFrees()) // what no node owns need not be sent to one
                .isBetween(3L * (wrong.size() - elsewhere), 3L * wrong.size());
        assertThat(cluster().roots().names()).isEmpty();
        assertThat(cluster().roots().slot(1)).isZero();
        assertThat(cluster().getLong(slot)).isZero();
        cluster().free(kept);
    }

    @Test
    default void aSecondFreeIsRefusedInEverySizeClass() {
        for (long size = 16; size <= 200_000; size += size / 9 + 16) {
            long block = cluster().malloc(size, Alloc.OPAQUE);
            cluster().free(block);
            pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().free(block));
            pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(block));
        }
        assertThat(cluster().stat().liveBlocks()).isZero();
    }

    @Test
    default void freeingManyStopsAtTheFirstThatIsRefused() {
        long[] blocks = new long[10];
        cluster().malloc(100, Alloc.OPAQUE, blocks);
        long wrong = blocks[5] + 16;
        long[] order = blocks.clone();
        order[5] = wrong;
        assertThatThrownBy(() -> cluster().free(order))
                .isInstanceOfSatisfying(
                        InvalidPointer.class, e -> assertThat(e.pointer()).isEqualTo(wrong));
        for (int i = 0; i < 10; i++) {
            long block = blocks[i];
            if (i < 5) {
                pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().usableSize(block));
            } else {
                cluster().free(block);
            }
        }
        assertThat(cluster().stat().liveBlocks()).isZero();
    }

    @Test
    default void ofRacingFreesExactlyOneSucceeds() throws Exception {
        int racers = 4;
        int blocks = 300;
        for (long size : new long[] {16, 1000, 40_000}) {
            AtomicLong block = new AtomicLong();
            AtomicLong freed = new AtomicLong();
            AtomicLong refused = new AtomicLong();
            Phaser step = new Phaser(racers);
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                all.add(() -> raceToFree(size, blocks, step, block, freed, refused));
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
                for (Future<Boolean> done : threads.invokeAll(all)) {
                    assertThat(done.get()).isTrue();
                }
            }
            assertThat(freed.get()).isEqualTo(blocks);
            assertThat(refused.get()).isEqualTo(blocks * (racers - 1L));
            assertThat(cluster().stat().liveBlocks()).isZero();
        }
    }

    private boolean raceToFree(
            long size, int blocks, Phaser step, AtomicLong block, AtomicLong freed, AtomicLong refused) {
        for (int i = 0; i < blocks; i++) {
            synchronized (block) {
                if (block.get() == 0) {
                    block.set(cluster().malloc(size, Alloc.OPAQUE));
                }
            }
            step.arriveAndAwaitAdvance();
            long mine = block.get();
            step.arriveAndAwaitAdvance();
            try {
                cluster().free(mine);
                freed.incrementAndGet();
            } catch (InvalidPointer e) {
                refused.incrementAndGet();
            }
            step.arriveAndAwaitAdvance();
            block.set(0);
            step.arriveAndAwaitAdvance();
        }
        return true;
    }

    @Test
    default void blocksMayBeFreedByAnotherThread() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Long> blocks = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                blocks.add(cluster().malloc(random().nextInt(1, 2000), Alloc.OPAQUE));
            }
            Thread other = Thread.ofPlatform().start(() -> blocks.forEach(cluster()::free));
            other.join();
            assertThat(cluster().stat().liveBlocks()).isZero();
        }
        assertThat(cluster().stat().illegalFrees()).isZero();
    }
}
