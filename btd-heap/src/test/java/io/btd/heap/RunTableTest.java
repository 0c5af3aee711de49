// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.ScanKind;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Dice;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The word that says what a run is.
class RunTableTest {
    private final Geometry geometry = Geometry.tiny(2048);
    private final SizeClasses classes = SizeClasses.of(geometry);
    private final LayoutTable layouts = new LayoutTable(TinyArena.open(geometry));

    @Test
    void everyFieldComesBack() {
        SplittableRandom random = Dice.roll();
        for (int i = 0; i < 10_000; i++) {
            ScanKind kind = List.of(ScanKind.values()).get(random.nextInt(3));
            int state = random.nextBoolean() ? RunTable.SUPERBLOCK : RunTable.LARGE;
            int sizeClass = random.nextInt(256);
            int layout = random.nextInt(65_536);
            long pages = random.nextLong(1, 1L << 32);
            long head = RunTable.pack(state, kind, sizeClass, layout, pages);
            assertThat(RunTable.state(head)).isEqualTo(state);
            assertThat(RunTable.kind(head)).isEqualTo(kind);
            assertThat(RunTable.sizeClass(head)).isEqualTo(sizeClass);
            assertThat(RunTable.layout(head)).isEqualTo(layout);
            assertThat(RunTable.pages(head)).isEqualTo(pages);
        }
    }

    @Test
    void aPublishedHeadIsThereUntilItIsRetired() {
        ArenaFile arena = TinyArena.open(geometry);
        RunTable runs = new RunTable(arena);
        long head = RunTable.pack(RunTable.LARGE, ScanKind.OPAQUE, 0, 0, 3);
        runs.publish(700, head);
        assertThat(runs.head(700)).isEqualTo(head);
        assertThat(runs.head(699)).isZero();
        assertThat(runs.head(701)).isZero();
        runs.retire(700);
        assertThat(runs.head(700)).isZero();
    }

    @Test
    void headsThatTheHeapMakesHaveNoFault() {
        for (int c = 0; c < classes.count(); c++) {
            long pages = (long) classes.span(c) * geometry.unitPages();
            long head = RunTable.pack(RunTable.SUPERBLOCK, ScanKind.POINTERS, c, 0, pages);
            assertThat(RunTable.fault(head, 2 * pages, geometry, layouts)).isEmpty();
        }
        long large = RunTable.pack(RunTable.LARGE, ScanKind.TYPED, 0, 2, 2048);
        assertThat(RunTable.fault(large, 0, geometry, layouts)).isEmpty();
    }

    @Test
    void aRunIsExportedOnceAndForAllOfItsLife() {
        ArenaFile arena = TinyArena.open(geometry);
        RunTable runs = new RunTable(arena);
        long head = RunTable.pack(RunTable.LARGE, ScanKind.OPAQUE, 0, 0, 3);
        assertThat(RunTable.exported(head)).isFalse();
        assertThat(runs.export(700)).as("no run begins there").isFalse();
        assertThat(runs.head(700)).isZero();
        runs.publish(700, head);
        assertThat(runs.export(700)).isTrue();
        assertThat(runs.export(700)).isTrue();
        assertThat(RunTable.exported(runs.head(700))).isTrue();
        assertThat(RunTable.pages(runs.head(700))).isEqualTo(3);
        assertThat(RunTable.fault(runs.head(700), 700, geometry, layouts)).isEmpty();
        runs.retire(700);
        runs.publish(700, head);
        assertThat(RunTable.exported(runs.head(700))).isFalse();
    }

    @Test
    void headsThatCannotBeAreToldApart() {
        int pages = classes.span(0) * geometry.unitPages();
        long good = RunTable.pack(RunTable.SUPERBLOCK, ScanKind.OPAQUE, 0, 0, pages);
        faulty(good + 2, 0);
        faulty(good | 3 << 4, 0);
        faulty(good | 1 << 7, 0);
        faulty(good, 1);
        faulty(good, geometry.pages());
        faulty(good + (1L << 32), 0);
        faulty(RunTable.pack(RunTable.SUPERBLOCK, ScanKind.OPAQUE, classes.count(), 0, pages), 0);
        faulty(RunTable.pack(RunTable.SUPERBLOCK, ScanKind.OPAQUE, 0, 1, pages), 0);
        faulty(RunTable.pack(RunTable.SUPERBLOCK, ScanKind.TYPED, 0, 0, pages), 0);
        faulty(RunTable.pack(RunTable.SUPERBLOCK, ScanKind.TYPED, 0, 3, pages), 0);
        faulty(RunTable.pack(RunTable.SUPERBLOCK, ScanKind.TYPED, 0, TypeLayout.DIRECTORY_NODE, pages), 0);
        faulty(RunTable.pack(RunTable.LARGE, ScanKind.OPAQUE, 1, 0, 1), 0);
        faulty(RunTable.pack(RunTable.LARGE, ScanKind.OPAQUE, 0, 0, 0), 0);
        faulty(RunTable.pack(RunTable.LARGE, ScanKind.OPAQUE, 0, 0, 2049), 0);
        faulty(RunTable.pack(RunTable.LARGE, ScanKind.OPAQUE, 0, 0, 0xffff_ffffL), 1);
    }

    private void faulty(long head, long page) {
        assertThat(RunTable.fault(head, page, geometry, layouts))
                .as("head=%x", head)
                .isNotEmpty();
    }
}
