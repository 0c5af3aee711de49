// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.PersistenceDomain;
import io.btd.heap.Heap;
import io.btd.heap.RootDirectory;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.MemoryMedium;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What the checker says of arenas that were closed, sound and damaged.
class CheckerTest {
    private final Geometry geometry = Geometry.tiny(512);
    private final MemoryMedium medium = new MemoryMedium(geometry.mediumBytes(), PersistenceDomain.PROCESS);
    private long named;

    private void makeAndClose(boolean leak) {
        ArenaFile.format(medium, geometry, 1, 1, new UUID(1, 2));
        ArenaFile arena = ArenaFile.open(medium);
        Heap heap = new Heap(arena, false);
        RootDirectory names = new RootDirectory(heap);
        named = heap.malloc(100, Alloc.OPAQUE);
        names.put("kept", named, false);
        if (leak) {
            long lost = heap.malloc(200, Alloc.OPAQUE);
            names.put("lost", lost, false);
            names.remove("lost", lost);
        }
        assertThat(heap.close()).hasValue(true);
        arena.markClosed(true);
    }

    private CheckReport check() {
        return Checker.check(ArenaFile.open(medium));
    }

    @Test
    void aSoundArenaIsFoundSound() {
        makeAndClose(false);
        CheckReport report = check();
        assertThat(report.problems()).isEmpty();
        assertThat(report.clean()).isTrue();
        assertThat(report.liveBlocks()).isEqualTo(2);
        assertThat(report.unreachableBytes()).isZero();
    }

    @Test
    void whatWasUnlinkedAndNotFreedIsCounted() {
        makeAndClose(true);
        CheckReport report = check();
        assertThat(report.problems()).isEmpty();
        assertThat(report.unreachableBytes()).isBetween(200L, 256L);
    }

    @Test
    void whatOtherNodesMayReferToIsKeptAndNoLeak() {
        ArenaFile.format(medium, geometry, 1, 1, new UUID(1, 2));
        Recovery.Opened node = Recovery.open(ArenaFile.open(medium), false);
        long exported = node.heap().malloc(100, Alloc.OPAQUE);
        node.heap().export(exported);
        node.heap().malloc(5000, Alloc.OPAQUE); // nobody's: comes back
        CheckReport died = check();
        assertThat(died.problems()).isEmpty();
        assertThat(died.keptBytes()).isPositive();
        assertThat(died.kept())
                .singleElement()
                .satisfies(count -> assertThat(count.blockSize()).isBetween(100L, 128L));
        assertThat(died.unreachable())
                .noneMatch(count -> count.blockSize() == died.kept().getFirst().blockSize());
        assertThat(died.unreachableBytes()).isPositive();

        Recovery.Opened again = Recovery.open(ArenaFile.open(medium), false);
        assertThat(again.heap().finder().isBlock(exported)).isTrue();
        assertThat(again.heap().count()).isEqualTo(died.kept()); // the node keeps what the check said
        assertThat(again.heap().close()).isPresent();
    }

    @Test
    void pagesThatBelongToNothingAreFound() {
        makeAndClose(false);
        int last = geometry.children() - 1;
        long word = geometry.pageBits(last) + Geometry.CHILD_BITS_BYTES - 8;
        medium.memory().setLong(word, 1L << 63);
        assertThat(check().problems()).singleElement().asString().contains("belong to nothing: count=1");
    }

    @Test
    void aReachableBlockThatCountsAsFreeIsFound() {
        makeAndClose(false);
        long offset = io.btd.api.GlobalPointer.offset(named);
        long unit = offset - (offset - geometry.dataOffset()) % geometry.unitBytes();
        medium.memory().setLong(geometry.bitmap(unit), 0);
        assertThat(check().problems()).singleElement().asString().contains("count as free");
    }
}
