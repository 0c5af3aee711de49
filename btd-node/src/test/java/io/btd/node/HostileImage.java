// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.PersistenceDomain;
import io.btd.gc.Checker;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.MemoryMedium;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Arenas to be damaged, and what is tried with them then: opening, checking and using one works or ends in a typed
/// error.
final class HostileImage {
    static final Geometry GEOMETRY = Geometry.tiny(512);
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Layout PAIR = new Layout(41, 1, 32, true, List.of(0L, 24L));

    /// An arena in use, with one of everything, and a redo record that was not retired.
    static byte[] make(boolean clean) {
        MemoryMedium medium = new MemoryMedium(GEOMETRY.mediumBytes(), PersistenceDomain.PROCESS);
        ArenaFile.format(medium, GEOMETRY, 1, 1, new UUID(1, 2));
        BtdCluster cluster = EmbeddedCluster.open(medium, false);
        long previous = 0;
        for (int i = 0; i < 40; i++) {
            long block = i % 3 == 0 ? cluster.malloc(PAIR, 32L * (1 + i % 5)) : cluster.malloc(16 << i % 5);
            if (previous != 0) {
                cluster.putPointer(block, previous);
            }
            cluster.roots().put("name " + i, block);
            previous = block;
        }
        long large = cluster.malloc(5000);
        cluster.putPointer(large + 4000, previous);
        cluster.roots().setSlotOnce(3, large);
        cluster.roots().put("x".repeat(600), cluster.malloc(300, Alloc.OPAQUE));
        cluster.malloc(64);
        if (clean) {
            cluster.close();
        } else {
            record(medium.segment(), GlobalPointer.offset(large), 16, GEOMETRY.lane(1) + 64);
        }
        return medium.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    static void record(MemorySegment memory, long destination, long bytes, long payload) {
        long lane = GEOMETRY.lane(1);
        memory.set(WORD, lane, 99);
        memory.set(WORD, lane + 8, destination);
        memory.set(WORD, lane + 16, bytes);
        memory.set(WORD, lane + 24, payload);
        CRC32C crc = new CRC32C();
        crc.update(memory.asSlice(lane, 32).asByteBuffer());
        if (payload >= 0 && bytes >= 0 && payload <= memory.byteSize() - bytes) {
            crc.update(memory.asSlice(payload, bytes).asByteBuffer());
        }
        memory.set(WORD, lane + 32, crc.getValue());
    }

    private static MemoryMedium medium(byte[] image) {
        MemoryMedium medium = new MemoryMedium(image.length, PersistenceDomain.PROCESS);
        MemorySegment.copy(image, 0, medium.segment(), ValueLayout.JAVA_BYTE, 0, image.length);
        return medium;
    }

    static void tryOut(byte[] image, SplittableRandom random) {
        try {
            Checker.check(ArenaFile.open(medium(image)));
        } catch (BtdException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
        BtdCluster cluster;
        try {
            cluster = EmbeddedCluster.open(medium(image), random.nextBoolean());
        } catch (BtdException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
            return;
        }
        attempt(() -> cluster.roots().names());
        for (int i = 0; i < 40; i++) {
            String name = "name " + i;
            attempt(() -> {
                long block = cluster.roots().get(name);
                cluster.read(block, MemorySegment.ofArray(new byte[(int) cluster.usableSize(block)]));
                cluster.putPointer(block, 0);
                cluster.roots().remove(name, block);
                cluster.free(block);
            });
            attempt(() -> cluster.roots().put("new " + name, cluster.malloc(PAIR)));
            int size = random.nextInt(1, 3000);
            attempt(() -> cluster.free(cluster.malloc(size)));
        }
        attempt(() -> cluster.free(cluster.roots().slot(3)));
        attempt(cluster::stat);
        attempt(cluster::close);
    }

    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (BtdException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }

    private HostileImage() {}
}
