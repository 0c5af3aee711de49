// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.Pinned;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.ClassCount;
import io.btd.api.GlobalPointer;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Dice;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Frees in two steps, and frees of what nobody refers to.
class LimboTest {
    private static final int LARGE = 3000;

    private final ArenaFile arena = TinyArena.open(Geometry.tiny(256));
    private final Heap heap = new Heap(arena, true, Reach.CLUSTER, null);

    private static void refused(PointerFault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidPointer.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    private static long live(Heap heap) {
        return heap.count().stream().mapToLong(ClassCount::blocks).sum();
    }

    @Test
    void aBlockInLimboIsNobodysAndHasNoNewLife() {
        for (int size : new int[] {24, LARGE}) {
            long block = heap.malloc(size, Alloc.OPAQUE);
            long offset = GlobalPointer.offset(block);
            arena.memory().setLong(offset, 7);
            heap.unallocate(block);
            assertThat(arena.memory().getLong(offset)).as("wiped").isZero();
            assertThat(live(heap)).isZero();
            assertThat(heap.finder().isBlock(block)).isFalse();
            refused(PointerFault.NOT_ALLOCATED, () -> heap.free(block));
            refused(PointerFault.NOT_ALLOCATED, () -> heap.unallocate(block));
            refused(PointerFault.NOT_ALLOCATED, () -> heap.beforePointerTo(block));
            refused(PointerFault.NOT_ALLOCATED, () -> heap.export(block));
            assertThat(heap.freeIfFresh(block)).isFalse();

            Set<Long> others = fill(size);
            assertThat(others).isNotEmpty().doesNotContain(block);
            others.forEach(heap::free);
            heap.bringHome(block);
            refused(PointerFault.NOT_ALLOCATED, () -> heap.bringHome(block));
            Set<Long> all = fill(size);
            assertThat(all).contains(block);
            all.forEach(heap::free);
        }
    }

    private Set<Long> fill(int size) {
        Set<Long> blocks = new HashSet<>();
        try {
            while (true) {
                assertThat(blocks.add(heap.malloc(size, Alloc.OPAQUE))).isTrue();
            }
        } catch (Full full) {
            return blocks;
        }
    }

    @Test
    void whatFreeRefusesIsRefused() {
        long small = heap.malloc(64, Alloc.OPAQUE);
        long large = heap.malloc(LARGE, Alloc.OPAQUE);
        long before = heap.illegalFrees();
        refused(PointerFault.NULL, () -> heap.unallocate(0));
        refused(PointerFault.MISALIGNED, () -> heap.unallocate(small + 8));
        refused(PointerFault.INTERIOR, () -> heap.unallocate(small + 16));
        refused(PointerFault.INTERIOR, () -> heap.unallocate(large + 256));
        refused(PointerFault.FOREIGN, () -> heap.unallocate(GlobalPointer.of(2, 1, 4096)));
        assertThat(heap.illegalFrees()).isEqualTo(before + 5);
        refused(PointerFault.NOT_ALLOCATED, () -> heap.bringHome(small));
        refused(PointerFault.NOT_ALLOCATED, () -> heap.bringHome(large));
        for (long block : new long[] {small, large}) {
            heap.pin(block);
            assertThatThrownBy(() -> heap.unallocate(block)).isInstanceOf(Pinned.class);
            heap.unpin(block);
            assertThat(heap.finder().isBlock(block)).isTrue();
            heap.free(block);
        }
    }

    @Test
    void anOrderlyCloseBringsLimboHome() {
        long pages = heap.pages().availablePages();
        heap.unallocate(heap.malloc(24, Alloc.POINTERS));
        heap.unallocate(heap.malloc(LARGE, Alloc.OPAQUE));
        assertThat(heap.close()).hasValue(true);
        arena.markClosed(true);
        Heap again = new Heap(ArenaFile.open(arena.medium()), false, Reach.CLUSTER, null);
        assertThat(live(again)).isZero();
        assertThat(again.pages().availablePages()).isEqualTo(pages);
    }

    @Test
    void heldBlocksSurviveACloseThatKeepsThem() {
        long held = heap.mallocHeld(24, Alloc.POINTERS);
        long large = heap.mallocHeld(LARGE, Alloc.OPAQUE);
        assertThat(heap.close(true)).hasValue(false);
        arena.markClosed(false);
        Heap again = new Heap(ArenaFile.open(arena.medium()), false, Reach.CLUSTER, null);
        assertThat(again.finder().isBlock(held)).isTrue();
        assertThat(again.finder().isBlock(large)).isTrue();
    }

    @Test
    void onlyWhatNobodyRefersToIsFreedWithItsSession() {
        for (int size : new int[] {24, LARGE}) {
            long fresh = heap.malloc(size, Alloc.POINTERS);
            long referred = heap.malloc(size, Alloc.POINTERS);
            long exported = heap.malloc(size, Alloc.OPAQUE);
            heap.beforePointerTo(referred);
            heap.export(exported);
            assertThat(heap.freeIfFresh(fresh)).isTrue();
            assertThat(heap.freeIfFresh(fresh)).isFalse();
            assertThat(heap.freeIfFresh(referred)).isFalse();
            assertThat(heap.freeIfFresh(exported)).isFalse();
            assertThat(heap.finder().isBlock(fresh)).isFalse();
            assertThat(heap.finder().isBlock(referred)).isTrue();
        }
    }

    @Test
    void aFreedBlockThatRefersToAnotherMakesMarkingDue() {
        long target = heap.malloc(24, Alloc.POINTERS);
        long fresh = heap.malloc(24, Alloc.POINTERS);
        heap.beforePointerTo(target);
        arena.memory().setLong(GlobalPointer.offset(fresh) + 8, target);
        assertThat(heap.freeIfFresh(fresh)).isTrue();
        assertThat(heap.close()).hasValue(false);
    }

    @Test
    void ofFreeingAndReferringOneSucceeds() throws Exception {
        int rounds = Dice.deep() ? 100_000 : 5_000;
        int freed = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            CyclicBarrier start = new CyclicBarrier(2);
            Future<List<Boolean>> referring = null;
            long[] blocks = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                blocks[i] = i < 200 ? heap.malloc(16, Alloc.OPAQUE) : 0;
            }
            for (int first = 0; first < rounds; first += 200) {
                int from = first;
                for (int i = from; i < from + 200; i++) {
                    blocks[i] = blocks[i] == 0 ? heap.malloc(16, Alloc.OPAQUE) : blocks[i];
                }
                referring = executor.submit(() -> {
                    List<Boolean> done = new ArrayList<>();
                    start.await();
                    for (int i = from; i < from + 200; i++) {
                        done.add(refer(blocks[i]));
                    }
                    return done;
                });
                Future<List<Boolean>> freeing = executor.submit(() -> {
                    List<Boolean> done = new ArrayList<>();
                    start.await();
                    for (int i = from; i < from + 200; i++) {
                        done.add(heap.freeIfFresh(blocks[i]));
                    }
                    return done;
                });
                for (int i = 0; i < 200; i++) {
                    boolean gone = freeing.get().get(i);
                    assertThat(referring.get().get(i)).isEqualTo(!gone);
                    assertThat(heap.finder().isBlock(blocks[from + i])).isEqualTo(!gone);
                    freed += gone ? 1 : 0;
                    if (!gone) {
                        heap.free(blocks[from + i]);
                    }
                }
            }
        }
        assertThat(freed).isBetween(0, rounds);
        assertThat(live(heap)).isZero();
    }

    private boolean refer(long block) {
        try {
            heap.beforePointerTo(block);
            return true;
        } catch (InvalidPointer freedBefore) {
            return false;
        }
    }
}
