// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidLayout;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.ScanKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// malloc, realloc and what they refuse.
interface AllocationContract extends ClusterUnderTest {

    @Test
    default void blocksAreAlignedLargeEnoughAndApart() {
        TreeMap<Long, Long> taken = new TreeMap<>();
        for (int i = 0; i < 2000; i++) {
            long size = random().nextInt(20) == 0 ? random().nextInt(1, 50_000) : random().nextInt(1, 700);
            Alloc alloc = random().nextBoolean() ? Alloc.POINTERS : Alloc.OPAQUE;
            long block = cluster().malloc(size, alloc);
            long usable = cluster().usableSize(block);
            assertThat(block % GlobalPointer.ALIGNMENT).isZero();
            assertThat(usable).isGreaterThanOrEqualTo(size);
            Map.Entry<Long, Long> below = taken.floorEntry(block);
            assertThat(below == null || below.getKey() + below.getValue() <= block)
                    .isTrue();
            Long above = taken.higherKey(block);
            assertThat(above == null || block + usable <= above).isTrue();
            taken.put(block, usable);
            if (random().nextInt(3) == 0 || taken.size() > 200) {
                long free = new ArrayList<>(taken.keySet()).get(random().nextInt(taken.size()));
                taken.remove(free);
                cluster().free(free);
            }
        }
    }

    @Test
    default void everyAlignmentIsKeptForEverySize() {
        for (int alignment = 16; alignment <= Alloc.MAX_ALIGNMENT; alignment *= 2) {
            for (long size : new long[] {1, 16, 17, 100, 1000, 4096, 5000, 20_000, 32_768, 32_769, 70_000}) {
                long block = cluster().malloc(size, Alloc.OPAQUE.align(alignment));
                assertThat(GlobalPointer.offset(block) % alignment)
                        .as("size=%d, alignment=%d", size, alignment)
                        .isZero();
                assertThat(cluster().usableSize(block)).isGreaterThanOrEqualTo(size);
                cluster().free(block);
            }
        }
    }

    @Test
    default void blocksThatAreToBeZeroAreZeroWhateverWasThereBefore() {
        Layout layout = new Layout(1, 1, 24, true, List.of(0L));
        for (long size : new long[] {24, 100, 2000, 20_000, 50_000}) {
            for (int round = 0; round < 3; round++) {
                long[] dirty = new long[10];
                cluster().malloc(size, Alloc.OPAQUE, dirty);
                for (long block : dirty) {
                    byte[] noise = new byte[(int) cluster().usableSize(block)];
                    Arrays.fill(noise, (byte) 0xa5);
                    memcpy(block, noise);
                }
                cluster().free(dirty);
                List<Long> blocks = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    blocks.add(cluster().malloc(size));
                    blocks.add(cluster().malloc(size, Alloc.OPAQUE.withZeroes()));
                    blocks.add(cluster().malloc(layout, size));
                }
                for (long block : blocks) {
                    assertThat(content(block)).containsOnly(0);
                    cluster().free(block);
                }
            }
        }
    }

    @Test
    default void absurdSizesAreRefusedAndNothingChanges() {
        Layout layout = new Layout(1, 1, 24, false, List.of());
        long block = cluster().malloc(100);
        for (long size : new long[] {0, -1, -16, Long.MIN_VALUE, 1L << 62, Long.MAX_VALUE, 1L << 44}) {
            refused(InvalidSize.class, () -> cluster().malloc(size));
            refused(InvalidSize.class, () -> cluster().malloc(size, Alloc.OPAQUE));
            refused(InvalidSize.class, () -> cluster().malloc(size, Alloc.OPAQUE.align(4096)));
            refused(InvalidSize.class, () -> cluster().malloc(size, Alloc.OPAQUE, new long[3]));
            refused(InvalidSize.class, () -> cluster().malloc(layout, size));
            refused(InvalidSize.class, () -> cluster().realloc(block, size));
            refused(InvalidSize.class, () -> cluster().local().malloc(size));
        }
        refused(InvalidSize.class, () -> cluster().malloc(layout, 23));
        for (int alignment : new int[] {0, -16, 1, 8, 24, 8192, Integer.MIN_VALUE}) {
            refused(InvalidSize.class, () -> Alloc.OPAQUE.align(alignment));
        }
        refused(InvalidLayout.class, () -> new Alloc(ScanKind.TYPED, true, 16));
        refused(Full.class, () -> cluster().malloc(CAPACITY + 1));
        assertThat(cluster().usableSize(block)).isGreaterThanOrEqualTo(100);
    }

    @Test
    default void manyBlocksComeAllOrNone() {
        long[] some = new long[100];
        cluster().malloc(1000, Alloc.OPAQUE, some);
        assertThat(Arrays.stream(some).distinct().count()).isEqualTo(100);
        long before = cluster().stat().liveBlocks();
        long[] tooMany = new long[(int) (CAPACITY / 1000) + 1];
        Arrays.fill(tooMany, 7);
        assertThatThrownBy(() -> cluster().malloc(1000, Alloc.OPAQUE, tooMany)).isInstanceOf(Full.class);
        assertThat(cluster().stat().liveBlocks()).isEqualTo(before);
        cluster().malloc(1000, Alloc.OPAQUE, new long[100]);
        cluster().free(some);
    }

    @Test
    default void aFullArenaSaysWhatStillFitsAndThatFits() {
        Alloc[] allocs = {Alloc.OPAQUE, Alloc.POINTERS, Alloc.OPAQUE.align(256)};
        for (long size : new long[] {16, 100, 4096, 9000, 20_000, 32_768, 40_000, 1 << 20, CAPACITY}) {
            for (Alloc alloc : allocs) {
                List<Long> blocks = new ArrayList<>();
                if (size > 1000) {
                    fill(random().nextInt(1000, 60_000), alloc, blocks);
                    blocks.removeIf(block -> {
                        boolean free = random().nextInt(3) == 0;
                        if (free) {
                            cluster().free(block);
                        }
                        return free;
                    });
                }
                Full full = fill(size, alloc, blocks);
                assertThat(full.largest())
                        .as(full.getMessage())
                        .isNotEqualTo(size)
                        .isNotNegative();
                assertThatThrownBy(() -> cluster().malloc(full.largest() + 1, alloc))
                        .as("more than largest: %s", full.getMessage())
                        .isInstanceOf(Full.class);
                if (full.largest() > 0) {
                    blocks.add(cluster().malloc(full.largest(), alloc));
                }
                free(blocks);
                assertThat(cluster().stat().liveBlocks()).isZero();
            }
        }
    }

    @Test
    default void aFullArenaServesAgainOnceSomethingIsFree() {
        for (long size : new long[] {16, 1000, 30_000, 100_000}) {
            List<Long> blocks = new ArrayList<>();
            fill(size, Alloc.OPAQUE, blocks);
            assertThat(blocks.size() * size).as("size=%d", size).isGreaterThan(CAPACITY * 3 / 4);
            for (int i = 0; i < 10; i++) {
                cluster().free(blocks.removeLast());
                blocks.add(cluster().malloc(size, Alloc.OPAQUE));
            }
            free(blocks);
        }
        cluster().free(cluster().malloc(CAPACITY * 3 / 4, Alloc.OPAQUE));
    }

    @Test
    default void reallocKeepsTheContentAndTheKind() {
        for (Alloc alloc : new Alloc[] {Alloc.OPAQUE, Alloc.POINTERS}) {
            long block = cluster().malloc(10, alloc);
            byte[] content = bytes(8);
            content[7] = 0;
            memcpy(block, content);
            for (long size : new long[] {10, 5, 1, 100, 50, 5000, 40_000, 39_000, 300_000}) {
                long usable = cluster().usableSize(block);
                long next = cluster().realloc(block, size);
                assertThat(next == block).isEqualTo(size <= usable);
                assertThat(cluster().usableSize(next)).isGreaterThanOrEqualTo(size);
                assertThat(read(next, 8)).isEqualTo(content);
                if (alloc.kind() != ScanKind.OPAQUE) {
                    byte[] all = content(next);
                    assertThat(Arrays.copyOfRange(all, 8, all.length)).containsOnly(0);
                    cluster().putPointer(next + 8, 0);
                }
                assertThat(cluster().stat().liveBlocks()).isOne();
                block = next;
            }
            cluster().free(block);
        }
    }

    @Test
    default void aReallocThatIsRefusedLeavesTheBlock() {
        long block = cluster().malloc(1000, Alloc.OPAQUE);
        byte[] content = bytes(1000);
        memcpy(block, content);
        refused(Full.class, () -> cluster().realloc(block, CAPACITY));
        refused(InvalidPointer.class, () -> cluster().realloc(block + 16, 5000));
        refused(InvalidPointer.class, () -> cluster().realloc(0, 5000));
        assertThat(read(block, 1000)).isEqualTo(content);
        cluster().free(block);
        refused(InvalidPointer.class, () -> cluster().realloc(block, 5000));
        refused(InvalidPointer.class, () -> cluster().realloc(block, 1));
    }

    @Test
    default void anotherShapeUnderAnIdIsRefusedAlsoAfterReopening() {
        Layout layout = new Layout(7, 1, 32, false, List.of(0L, 24L));
        Layout other = new Layout(7, 2, 32, false, List.of(0L, 24L));
        long block = cluster().malloc(layout);
        cluster().roots().put("typed", block);
        refused(InvalidLayout.class, () -> cluster().malloc(other));
        reopen();
        refused(InvalidLayout.class, () -> cluster().malloc(other));
        assertThat(cluster().usableSize(cluster().malloc(layout))).isGreaterThanOrEqualTo(32);
        crash();
        refused(InvalidLayout.class, () -> cluster().malloc(other));
        assertThat(cluster().roots().get("typed")).isEqualTo(block);
    }
}
