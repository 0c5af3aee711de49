// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.BtdException.InvalidLayout;
import io.btd.api.Layout;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The persisted shapes.
class LayoutTableTest {
    private static final Geometry ROOMY = new Geometry(8, 10, 512, 1, 2, 320, 64 * 1024);

    private static Layout all(int id, long size, boolean repeated) {
        return new Layout(
                id,
                id % 65_536,
                size,
                repeated,
                LongStream.range(0, size / 8).map(i -> 8 * i).boxed().toList());
    }

    @Test
    void shapesComeBackFromTheArena() {
        ArenaFile arena = TinyArena.open(ROOMY);
        LayoutTable table = new LayoutTable(arena);
        List<Layout> shapes = List.of(
                new Layout(1, 0, 8, false, List.of()),
                new Layout(2, 65_535, 16, true, List.of(8L)),
                all(65_535, 32_768, false),
                all(3, 512, true),
                all(4, 520, true),
                new Layout(5, 1, 32_768, true, List.of(0L, 32_760L)));
        for (int i = 0; i < shapes.size(); i++) {
            assertThat(table.intern(shapes.get(i)).number()).isEqualTo(TypeLayout.FIRST + i);
        }
        for (LayoutTable reader : List.of(table, new LayoutTable(arena))) {
            assertThat(reader.count()).isEqualTo(TypeLayout.FIRST - 1 + shapes.size());
            for (int i = 0; i < shapes.size(); i++) {
                assertThat(reader.get(TypeLayout.FIRST + i).layout()).isEqualTo(shapes.get(i));
                assertThat(reader.intern(shapes.get(i)).number()).isEqualTo(TypeLayout.FIRST + i);
            }
        }
    }

    @Test
    void anotherShapeUnderTheSameIdIsRefusedNamingBoth() {
        LayoutTable table = new LayoutTable(TinyArena.open(ROOMY));
        table.intern(new Layout(9, 1, 64, false, List.of(0L)));
        for (Layout other : List.of(
                new Layout(9, 2, 64, false, List.of(0L)),
                new Layout(9, 1, 72, false, List.of(0L)),
                new Layout(9, 1, 64, true, List.of(0L)),
                new Layout(9, 1, 64, false, List.of(8L)))) {
            assertThatThrownBy(() -> table.intern(other))
                    .isInstanceOf(InvalidLayout.class)
                    .hasMessageContaining("asked=" + other)
                    .hasMessageContaining("persisted=");
        }
    }

    @Test
    void aFullTableRefusesAndKeepsWhatItHas() {
        ArenaFile arena = TinyArena.open(Geometry.tiny(64));
        LayoutTable table = new LayoutTable(arena);
        int fit = (512 - 8) / 24;
        for (int id = 1; id <= fit; id++) {
            table.intern(new Layout(id, 0, 8, false, List.of()));
        }
        Layout tooMuch = new Layout(fit + 1, 0, 8, false, List.of());
        assertThatThrownBy(() -> table.intern(tooMuch)).isInstanceOf(InvalidLayout.class);
        assertThat(table.intern(new Layout(1, 0, 8, false, List.of())).number()).isEqualTo(TypeLayout.FIRST);
        assertThat(new LayoutTable(arena).count()).isEqualTo(TypeLayout.FIRST - 1 + fit);
    }

    @Test
    void racingThreadsAgreeOnNumbers() throws Exception {
        ArenaFile arena = TinyArena.open(ROOMY);
        LayoutTable table = new LayoutTable(arena);
        Callable<List<Integer>> racer = () -> IntStream.rangeClosed(1, 500)
                .mapToObj(id ->
                        table.intern(new Layout(id, 0, 16, false, List.of(0L))).number())
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<Integer>>> done = threads.invokeAll(List.of(racer, racer, racer, racer));
            for (Future<List<Integer>> numbers : done) {
                assertThat(numbers.get()).isEqualTo(done.getFirst().get()).doesNotHaveDuplicates();
            }
        }
        assertThat(new LayoutTable(arena).count()).isEqualTo(TypeLayout.FIRST - 1 + 500);
    }

    @Test
    void aTableThatContradictsItselfIsRefused() {
        for (long used : new long[] {-8, 4, 505, 512, 1L << 40, 8, 24, 32}) {
            ArenaFile arena = TinyArena.open(Geometry.tiny(64));
            arena.memory().setLong(arena.geometry().layoutsOffset(), used);
            assertThatThrownBy(() -> new LayoutTable(arena)).isInstanceOf(ArenaUnusable.class);
        }
    }

    @Test
    void pointersAreFoundInEveryElementThatIsWhole() {
        TypeLayout single = new TypeLayout(3, new Layout(1, 0, 24, false, List.of(0L, 16L)));
        assertThat(LongStream.range(0, 64).filter(at -> single.isPointer(at, 64)))
                .containsExactly(0L, 16L);
        TypeLayout array = new TypeLayout(3, new Layout(1, 0, 24, true, List.of(0L, 16L)));
        assertThat(LongStream.range(0, 64).filter(at -> array.isPointer(at, 64)))
                .containsExactly(0L, 16L, 24L, 40L);
        assertThat(LongStream.range(0, 16).filter(at -> array.isPointer(at, 16)))
                .isEmpty();
    }
}
