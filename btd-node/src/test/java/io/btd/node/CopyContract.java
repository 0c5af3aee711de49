// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.BtdException.LogFull;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.Durability;
import io.btd.api.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// memcpy, write and read.
interface CopyContract extends ClusterUnderTest {

    @Test
    default void copiesInFollowAnArray() {
        for (int size : new int[] {16, 500, 20_000, 100_000}) {
            for (boolean published : new boolean[] {false, true}) {
                long block = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
                if (published) {
                    cluster().roots().put("block", block);
                }
                byte[] model = new byte[(int) cluster().usableSize(block)];
                for (int i = 0; i < 100; i++) {
                    int at = random().nextInt(model.length);
                    int count = random().nextInt(Math.min(random().nextBoolean() ? 20 : 30_000, model.length - at) + 1);
                    byte[] source = bytes(count);
                    memcpy(block + at, source);
                    System.arraycopy(source, 0, model, at, count);
                    assertThat(read(block + at, count)).isEqualTo(source);
                }
                assertThat(content(block)).isEqualTo(model);
                byte[] raw = new byte[model.length];
                cluster().readRaw(block, MemorySegment.ofArray(raw));
                assertThat(raw).isEqualTo(model);
                if (published) {
                    crash();
                    assertThat(content(block)).isEqualTo(model);
                    assertThat(cluster().roots().remove("block", block)).isTrue();
                }
                cluster().free(block);
            }
        }
    }

    @Test
    default void overlappingCopiesAreHandledAsByMemmove() {
        for (int size : new int[] {64, 1000, 70_000}) {
            long block = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
            long other = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
            byte[] model = bytes((int) cluster().usableSize(block));
            memcpy(block, model);
            for (int i = 0; i < 60; i++) {
                int from = random().nextInt(model.length);
                int to = random().nextInt(model.length);
                int count = random().nextInt(model.length - Math.max(from, to) + 1);
                cluster().memcpy(block + to, block + from, count);
                System.arraycopy(model, from, model, to, count);
                assertThat(Arrays.equals(content(block), model))
                        .as("from=%d, to=%d, bytes=%d", from, to, count)
                        .isTrue();
            }
            cluster().memcpy(other, block, model.length);
            assertThat(content(other)).isEqualTo(model);
        }
    }

    @Test
    default void rangesThatLeaveTheirBlockAreRefusedAndNothingChanges() {
        for (int size : new int[] {16, 1000, 50_000}) {
            long before = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
            long block = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
            long after = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
            int usable = (int) cluster().usableSize(block);
            MemorySegment tooLong = MemorySegment.ofArray(bytes(usable + 1));
            MemorySegment two = MemorySegment.ofArray(bytes(2));
            PointerFault fault = PointerFault.OUT_OF_BOUNDS;
            pointerRefused(fault, () -> cluster().memcpy(block, tooLong));
            pointerRefused(fault, () -> cluster().memcpy(block + usable - 1, two));
            pointerRefused(fault, () -> cluster().memcpy(block, before, usable + 1));
            pointerRefused(fault, () -> cluster().memcpy(block + 1, before, usable));
            pointerRefused(fault, () -> cluster().memcpy(block, before + 1, usable));
            pointerRefused(fault, () -> cluster().write(block + usable - 1, two, Durability.VISIBLE));
            pointerRefused(fault, () -> cluster().read(block + usable - 1, two));
            pointerRefused(fault, () -> cluster().readRaw(block, tooLong));
            for (long each : new long[] {before, block, after}) {
                assertThat(content(each)).containsOnly(0);
            }
            memcpy(block);
            cluster().memcpy(block, after, 0);
        }
    }

    @Test
    default void countsOutOfRangeAreRefused() {
        long block = cluster().malloc(100, Alloc.OPAQUE);
        for (long count : new long[] {-1, Long.MIN_VALUE, BtdCluster.MAX_MEMCPY + 1, Long.MAX_VALUE}) {
            refused(InvalidSize.class, () -> cluster().memcpy(block, block, count));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment huge = arena.allocate(BtdCluster.MAX_MEMCPY + 1);
            refused(InvalidSize.class, () -> cluster().memcpy(block, huge));
        }
    }

    @Test
    default void copiesOfFreedAndForeignBlocksAreRefused() {
        long live = cluster().malloc(64, Alloc.OPAQUE.withZeroes());
        long freed = cluster().malloc(64, Alloc.OPAQUE);
        cluster().free(freed);
        MemorySegment eight = MemorySegment.ofArray(bytes(8));
        MemorySegment forty = MemorySegment.ofArray(bytes(40));
        PointerFault fault = PointerFault.NOT_ALLOCATED;
        for (MemorySegment some : List.of(eight, forty)) {
            pointerRefused(fault, () -> cluster().memcpy(freed, some));
            pointerRefused(fault, () -> cluster().write(freed, some, Durability.PERSISTENT));
            pointerRefused(fault, () -> cluster().read(freed, some));
            pointerRefused(fault, () -> cluster().readRaw(freed + 8, some));
            pointerRefused(PointerFault.NULL, () -> cluster().memcpy(0, some));
            pointerRefused(PointerFault.NULL, () -> cluster().read(0, some));
            pointerRefused(PointerFault.FOREIGN, () -> cluster().memcpy(live ^ 1L << 52, some));
        }
        pointerRefused(fault, () -> cluster().memcpy(freed, live, 8));
        pointerRefused(fault, () -> cluster().memcpy(live, freed, 8));
        assertThat(content(live)).containsOnly(0);
    }

    @Test
    default void plainWritesGoIntoOpaqueBlocksOnlyAndSayWhatTheyGot() {
        long opaque = cluster().malloc(100, Alloc.OPAQUE);
        byte[] content = bytes(100);
        for (Durability durability : Durability.values()) {
            assertThat(cluster().write(opaque, MemorySegment.ofArray(content), durability))
                    .isGreaterThanOrEqualTo(durability);
        }
        assertThat(read(opaque, 100)).isEqualTo(content);
        cluster().roots().put("opaque", opaque);
        byte[] later = bytes(50);
        cluster().write(opaque + 50, MemorySegment.ofArray(later), Durability.PERSISTENT);
        crash();
        assertThat(read(opaque, 50)).isEqualTo(Arrays.copyOf(content, 50));
        assertThat(read(opaque + 50, 50)).isEqualTo(later);

        long pointers = cluster().malloc(100);
        long typed = cluster().malloc(new Layout(3, 1, 16, false, List.of()));
        for (long block : new long[] {pointers, typed}) {
            pointerRefused(
                    PointerFault.WRONG_KIND,
                    () -> cluster().write(block, MemorySegment.ofArray(bytes(8)), Durability.VISIBLE));
            assertThat(content(block)).containsOnly(0);
        }
    }

    @Test
    default void readsAreNeverTornByCopies() throws Exception {
        for (boolean published : new boolean[] {true, false}) {
            for (int size : new int[] {40, 4000}) {
                long block = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
                if (published) {
                    cluster().roots().put("block", block);
                }
                AtomicBoolean done = new AtomicBoolean();
                try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                    List<Future<Integer>> readers = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        readers.add(threads.submit(() -> readUntil(done, block, size)));
                    }
                    Future<?> writer = threads.submit(() -> {
                        byte[] bytes = new byte[size];
                        for (int round = 0; round < (Seed.deep() ? 300_000 : 4000); round++) {
                            Arrays.fill(bytes, (byte) round);
                            memcpy(block, bytes);
                        }
                    });
                    try {
                        writer.get();
                    } finally {
                        done.set(true);
                    }
                    for (Future<Integer> reader : readers) {
                        assertThat(reader.get())
                                .as("torn reads: published=%s, size=%d", published, size)
                                .isZero();
                    }
                }
            }
        }
    }

    private int readUntil(AtomicBoolean done, long block, int size) {
        int torn = 0;
        while (!done.get()) {
            byte[] seen = read(block, size);
            for (byte b : seen) {
                if (b != seen[0]) {
                    torn++;
                    break;
                }
            }
        }
        return torn;
    }

    @Test
    default void copiesIntoTypedBlocksTakeWholeFieldsWithLiveBlocks() {
        Layout layout = new Layout(4, 1, 24, true, List.of(8L));
        long block = cluster().malloc(layout, 48);
        long target = cluster().malloc(16);
        long freed = cluster().malloc(16, Alloc.OPAQUE);
        cluster().free(freed);
        memcpy(block, element(1, target, 2));
        memcpy(block + 24, element(3, 0, 4));
        byte[] before = content(block);
        PointerFault kind = PointerFault.WRONG_KIND;
        pointerRefused(kind, () -> memcpy(block + 4, bytes(8)));
        pointerRefused(kind, () -> memcpy(block + 12, bytes(2)));
        pointerRefused(kind, () -> memcpy(block + 15, bytes(20)));
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> memcpy(block, element(5, freed, 6)));
        pointerRefused(PointerFault.MISALIGNED, () -> memcpy(block, element(5, target + 8, 6)));
        pointerRefused(PointerFault.FOREIGN, () -> memcpy(block, element(5, 7, 6)));
        pointerRefused(PointerFault.FOREIGN, () -> memcpy(block + 32, element(7, 0, 0), 0, 8));
        assertThat(content(block)).isEqualTo(before);
        memcpy(block, bytes(8));
        memcpy(block + 16, bytes(12));
        cluster().memcpy(block + 24, block, 24);
        assertThat(cluster().getLong(block + 32)).isEqualTo(target);
    }

    private void memcpy(long address, byte[] bytes, int from, int to) {
        memcpy(address, Arrays.copyOfRange(bytes, from, to));
    }

    private static byte[] element(long first, long pointer, long last) {
        ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.putLong(first).putLong(pointer).putLong(last).array();
    }

    @Test
    default void aCopyWithoutRoomForItsRecordIsRefusedAndChangesNothing() {
        int size = (int) (CAPACITY * 3 / 4);
        long block = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
        cluster().roots().put("block", block);
        MemorySegment source = MemorySegment.ofArray(bytes(size));
        assertThatThrownBy(() -> cluster().memcpy(block, source))
                .isInstanceOfSatisfying(
                        LogFull.class, e -> assertThat(e.pointer()).isEqualTo(block));
        assertThat(read(block, size)).containsOnly(0);
        byte[] small = bytes(1000);
        memcpy(block + 5000, small);
        crash();
        assertThat(read(block + 5000, 1000)).isEqualTo(small);
        assertThat(read(block, 5000)).containsOnly(0);
        cluster().roots().remove("block", block);
        cluster().free(block);
        assertThat(cluster().stat().liveBlocks()).isZero();
    }
}
