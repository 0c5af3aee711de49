// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.PersistenceDomain;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.MemoryMedium;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every part of an arena has its names, read off an arena in use.
class NamesTest {
    private static final Geometry GEOMETRY = Geometry.tiny(96);

    private static long small;
    private static long large;
    private static long[] image = {};
    private static Names names = new Names(GEOMETRY, image);

    @BeforeAll
    static void use() {
        MemoryMedium medium = new MemoryMedium(GEOMETRY.mediumBytes(), PersistenceDomain.PROCESS);
        ArenaFile.format(medium, GEOMETRY, 1, 1, new UUID(1, 2));
        BtdCluster cluster = EmbeddedCluster.open(medium, false);
        small = cluster.malloc(48);
        large = cluster.malloc(2000, Alloc.OPAQUE);
        cluster.write(large, MemorySegment.ofArray(new byte[] {1}), Durability.PERSISTENT);
        cluster.putPointer(small + 16, large);
        cluster.roots().put("name", small);
        cluster.roots().put("other", small);
        image = medium.segment().toArray(ValueLayout.JAVA_LONG);
        names = new Names(GEOMETRY, image);
    }

    private static String at(long offset) {
        return names.at(offset).toString();
    }

    @Test
    void theFixedParts() {
        assertThat(at(0)).isEqualTo("header magic");
        assertThat(at(64)).isEqualTo("header state and generation");
        assertThat(at(GEOMETRY.rootSlot(3))).isEqualTo("root slot 3");
        assertThat(at(GEOMETRY.rootSlot(64))).isEqualTo("root slot 64 (named directory)");
        assertThat(at(GEOMETRY.layoutsOffset())).isEqualTo("layout table bytes in use");
        assertThat(at(GEOMETRY.lane(1))).isEqualTo("lane 1 sequence");
        assertThat(at(GEOMETRY.lane(0) + 8)).isEqualTo("lane 0 destination");
        assertThat(at(GEOMETRY.lane(0) + 72)).isEqualTo("lane 0 payload +8");
        assertThat(at(GEOMETRY.pageBits(0) + 8)).isEqualTo("page bits of pages 64..127");
        assertThat(at(GEOMETRY.runHead(7))).isEqualTo("run head of page 7");
    }

    @Test
    void blocksAndTheirBits() {
        long base = GlobalPointer.offset(small);
        String hex = Long.toHexString(base);
        assertThat(at(base + 16)).isEqualTo("block @" + hex + " +16");
        assertThat(at(GlobalPointer.offset(large) + 1600))
                .isEqualTo("large block @" + Long.toHexString(GlobalPointer.offset(large)) + " +1600");
        assertThat(at(GEOMETRY.bitmap(GEOMETRY.pageOffset(GEOMETRY.pageOf(base)))))
                .startsWith("bitmap @");
        assertThat(at(GEOMETRY.pageOffset(90))).isEqualTo("page 90 (of no run) +0");
    }

    @Test
    void theDirectory() {
        long node = GlobalPointer.offset(image[(int) GEOMETRY.rootSlot(64) / 8]);
        assertThat(at(node + 24)).isEqualTo("directory node @" + Long.toHexString(node) + " link 3");
        int entries = 0;
        for (int link = 0; link < 16; link++) {
            long entry = GlobalPointer.offset(image[(int) (node / 8) + link]);
            if (entry != 0) {
                assertThat(at(entry + 8)).matches("entry \"(name|other)\" @[0-9a-f]+ target");
                entries++;
            }
        }
        assertThat(entries).isEqualTo(2);
    }

    @Test
    void values() {
        assertThat(names.value(64, image[8])).isEqualTo("DIRTY, generation 1");
        assertThat(names.value(GlobalPointer.offset(small) + 16, large)).startsWith("-> large block @");
        long page = GEOMETRY.pageOf(GlobalPointer.offset(large));
        assertThat(names.value(GEOMETRY.runHead(page), image[(int) GEOMETRY.runHead(page) / 8]))
                .isEqualTo("large OPAQUE, 8 pages");
        assertThat(names.shorten("block 0x%x holds 0x7".formatted(small)))
                .isEqualTo("block @%x holds 0x7".formatted(GlobalPointer.offset(small)));
    }

    @Test
    void ranges() {
        assertThat(names.range(GEOMETRY.lane(0), GEOMETRY.lane(0) + 32))
                .isEqualTo("lane 0 sequence..checksum (5 words)");
        assertThat(names.range(GEOMETRY.lane(0) + 64, GEOMETRY.lane(0) + 72))
                .isEqualTo("lane 0 payload +0..+8 (2 words)");
    }

    @Test
    void garbageHasNamesToo() {
        long[] garbage = new long[image.length];
        for (int word = 0; word < garbage.length; word++) {
            garbage[word] = word * 0x9e3779b97f4a7c15L;
        }
        Names none = new Names(GEOMETRY, garbage);
        for (int word = 0; word < garbage.length; word += 61) {
            assertThat(none.at(word * 8L).toString()).isNotEmpty();
            assertThat(none.value(word * 8L, garbage[word])).isNotEmpty();
        }
    }
}
