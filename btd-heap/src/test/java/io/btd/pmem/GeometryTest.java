// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The sections of an arena lie side by side, whatever the parameters.
class GeometryTest {

    private record Section(String name, long from, long bytes) {}

    private static List<Section> sections(Geometry geometry) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("header", 0, geometry.headerBytes()));
        sections.add(new Section("roots", geometry.rootSlot(0), 8L * Geometry.ROOT_SLOTS));
        sections.add(new Section("layouts", geometry.layoutsOffset(), geometry.layoutBytes()));
        for (int lane = 0; lane < geometry.laneCount(); lane++) {
            sections.add(new Section("lane " + lane, geometry.lane(lane), geometry.laneBytes()));
        }
        for (int child = 0; child < geometry.children(); child++) {
            sections.add(new Section("bits " + child, geometry.pageBits(child), Geometry.CHILD_BITS_BYTES));
        }
        for (int child = 0; child < geometry.children(); child++) {
            long first = (long) child * Geometry.CHILD_PAGES;
            sections.add(new Section("heads " + child, geometry.runHead(first), 8L * Geometry.CHILD_PAGES));
            long bitmap = geometry.bitmap(geometry.pageOffset(first));
            sections.add(new Section("bitmap " + child, bitmap, geometry.childBytes() / 16 / 8));
        }
        sections.add(new Section("data", geometry.dataOffset(), geometry.addressSpace()));
        return sections;
    }

    private static void check(Geometry geometry) {
        long end = 0;
        for (Section section : sections(geometry)) {
            assertThat(section.from()).as("%s of %s", section, geometry).isGreaterThanOrEqualTo(end);
            assertThat(section.from() % 8).isZero();
            end = section.from() + section.bytes();
        }
        assertThat(geometry.mediumBytes()).isEqualTo(end);
        assertThat(geometry.fixedEnd()).isLessThanOrEqualTo(geometry.runHead(0));
        assertThat(geometry.dataOffset() % geometry.childBytes()).isZero();
        for (int lane = 0; lane < geometry.laneCount(); lane++) {
            assertThat(geometry.lane(lane) % 64).as("lanes begin lines").isZero();
        }
        assertThat(geometry.pageBits(0) % 64).as("a child's bits are one line").isZero();
    }

    @Test
    void sectionsDoNotOverlap() {
        check(Geometry.tiny(1));
        check(Geometry.tiny(512));
        check(Geometry.tiny(513));
        for (long capacity = 1L << 20; capacity <= 1L << 30; capacity = capacity * 3 / 2 + 4096) {
            check(Geometry.forCapacity(capacity));
        }
        SplittableRandom random = Dice.roll();
        for (int i = 0; i < 200; i++) {
            int pageShift = random.nextInt(8, 17);
            int children = random.nextInt(1, 40);
            check(new Geometry(
                    pageShift,
                    pageShift + random.nextInt(1, 6),
                    random.nextLong(1, 512L * children + 1),
                    children,
                    random.nextInt(1, 65),
                    64 * random.nextInt(2, 100),
                    64 * random.nextInt(1, 100)));
        }
    }

    @Test
    void headsAndBitmapsOfNeighboursDoNotOverlap() {
        Geometry geometry = Geometry.tiny(1024);
        for (long page = 1; page < geometry.pages(); page++) {
            assertThat(geometry.runHead(page)).isGreaterThanOrEqualTo(geometry.runHead(page - 1) + 8);
            assertThat(geometry.pageOf(geometry.pageOffset(page))).isEqualTo(page);
            assertThat(geometry.pageOf(geometry.pageOffset(page) + geometry.pageBytes() - 1))
                    .isEqualTo(page);
            if (page % geometry.unitPages() == 0) {
                long unit = geometry.pageOffset(page);
                assertThat(geometry.bitmap(unit))
                        .isGreaterThanOrEqualTo(
                                geometry.bitmap(unit - geometry.unitBytes()) + geometry.unitBytes() / 128);
            }
        }
    }

    @Test
    void theLargestCapacityFitsIntoTheAddressSpaceOfAnArena() {
        Geometry largest = Geometry.forCapacity(io.btd.api.GlobalPointer.MAX_OFFSET / 8);
        assertThat(largest.mediumBytes()).isLessThanOrEqualTo(io.btd.api.GlobalPointer.MAX_OFFSET);
        assertThat(largest.capacityPages() << 12).isEqualTo(io.btd.api.GlobalPointer.MAX_OFFSET / 8);
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Geometry(7, 10, 1, 1, 1, 128, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Geometry(8, 8, 1, 1, 1, 128, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Geometry(8, 10, 513, 1, 1, 128, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Geometry(8, 10, 1, 0, 1, 128, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Geometry(8, 10, 1, 1, 65, 128, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Geometry(8, 10, 1, 1, 1, 100, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Geometry(8, 10, 1, 1, 1, 128, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
