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
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Arenas that somebody damaged: opening, checking and using one works or ends in a typed error. The time
/// limit is there to end a hang, not to measure.
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileImageTest {
    private static final Geometry GEOMETRY = Geometry.tiny(512);
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Layout PAIR = new Layout(41, 1, 32, true, List.of(0L, 24L));

    /// An arena in use, with one of everything, and a redo record that was not retired.
    private static byte[] image(boolean clean) {
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
            record(medium.segment(), GlobalPointer.offset(large), 16);
        }
        return medium.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    private static void record(MemorySegment memory, long destination, int bytes) {
        long lane = GEOMETRY.lane(1);
        memory.set(WORD, lane, 99);
        memory.set(WORD, lane + 8, destination);
        memory.set(WORD, lane + 16, bytes);
        memory.set(WORD, lane + 24, lane + 64);
        CRC32C crc = new CRC32C();
        crc.update(memory.asSlice(lane, 32).asByteBuffer());
        crc.update(memory.asSlice(lane + 64, bytes).asByteBuffer());
        memory.set(WORD, lane + 32, crc.getValue());
    }

    /// Where something is: damage elsewhere is not seen.
    private static long somewhere(byte[] image, SplittableRandom random) {
        while (true) {
            long at =
                    random.nextInt(5) == 0 ? random.nextLong(GEOMETRY.fixedEnd()) : random.nextLong(512, image.length);
            int line = (int) at & -64;
            for (int i = line; i < line + 64; i++) {
                if (image[i] != 0 || random.nextInt(10_000) == 0) {
                    return at;
                }
            }
        }
    }

    private static void damage(byte[] image, SplittableRandom random) {
        for (int wounds = random.nextInt(1, 5); wounds > 0; wounds--) {
            int at = (int) somewhere(image, random);
            int line = at & -64;
            switch (random.nextInt(7)) {
                case 0, 1 -> image[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(image, line, line + 64, (byte) 0);
                case 3 -> {
                    byte[] noise = new byte[64];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, image, line, 64);
                }
                case 4 -> {
                    int other = (int) somewhere(image, random) & -64;
                    System.arraycopy(image, other, image, line, 64);
                }
                case 5 -> {
                    int page = at & -256;
                    Arrays.fill(image, page + random.nextInt(256), page + 256, (byte) 0);
                }
                default -> {
                    int other = (int) somewhere(image, random) & -8;
                    System.arraycopy(image, other, image, at & -8, 8);
                }
            }
        }
    }

    private static MemoryMedium medium(byte[] image) {
        MemoryMedium medium = new MemoryMedium(image.length, PersistenceDomain.PROCESS);
        MemorySegment.copy(image, 0, medium.segment(), ValueLayout.JAVA_BYTE, 0, image.length);
        return medium;
    }

    private static void tryOut(byte[] image, SplittableRandom random) {
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

    private static void hurtMany(boolean clean) {
        byte[] whole = image(clean);
        SplittableRandom seeds = Seed.roll();
        tryOut(whole, seeds.split());
        for (int i = 0; i < (Seed.deep() ? 300_000 : 3000); i++) {
            long seed = seeds.nextLong();
            SplittableRandom random = new SplittableRandom(seed);
            byte[] image = whole.clone();
            damage(image, random);
            try {
                tryOut(image, random);
            } catch (Throwable e) {
                throw new AssertionError("image of seed " + seed + " (clean=" + clean + ")", e);
            }
        }
    }

    @Test
    void aDamagedUncleanArenaOpensOrIsRefused() {
        hurtMany(false);
    }

    @Test
    void aDamagedCleanArenaOpensOrIsRefused() {
        hurtMany(true);
    }
}
