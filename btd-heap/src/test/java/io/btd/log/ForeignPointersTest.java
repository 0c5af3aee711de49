// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.heap.ForeignPointers;
import io.btd.heap.Heap;
import io.btd.heap.Reach;
import io.btd.heap.RootDirectory;
import io.btd.heap.RootSlots;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Pointers to blocks of other nodes: stored once they were exported there, refused before, and no business of an
/// arena that one process has for itself.
class ForeignPointersTest {
    private static final long THERE = GlobalPointer.of(9, 3, 4096);
    private static final long ELSEWHERE = GlobalPointer.of(4095, 255, 32);
    private static final Layout PAIR = new Layout(1, 0, 32, false, List.of(8L, 24L));
    /// Words that are nobody's pointers: of no node, of no arena, of no block, misaligned.
    private static final List<Long> NUMBERS = List.of(5L, 1L << 45, 9L << 52 | 4096, 9L << 52 | 3L << 44, THERE + 8);

    private final ArenaFile arena = TinyArena.open(Geometry.tiny(512));
    private final Heap heap = new Heap(arena, false, Reach.CLUSTER, null);
    private final StripeLocks locks = new StripeLocks();
    private final Words words = new Words(heap, locks);
    private final Copier copier = new Copier(heap, locks, new RedoLog(arena, heap.pages(), heap.inFlight()));
    private final RootDirectory names = new RootDirectory(heap);
    private final RootSlots slots = new RootSlots(heap);
    private final long free = heap.malloc(64, Alloc.POINTERS);
    private final long typed = heap.malloc(PAIR, 32);
    private final long opaque = heap.malloc(64, Alloc.OPAQUE);

    private static void exportFirst(ThrowingCallable call, long... pointers) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ForeignPointers.class, e -> assertThat(e.pointers()).containsExactly(pointers));
    }

    private static MemorySegment bytes(long... words) {
        return MemorySegment.ofArray(words);
    }

    @Test
    void aWordTakesThemOnceTheyWereExported() {
        for (long slot : new long[] {free + 8, typed + 8}) {
            exportFirst(() -> words.putPointer(slot, THERE), THERE);
            exportFirst(() -> words.compareAndSet(slot, 0, THERE), THERE);
            exportFirst(() -> words.getAndSet(slot, THERE), THERE);
            assertThat(words.get(slot)).isZero();
            words.putPointer(slot, THERE, true);
            assertThat(words.get(slot)).isEqualTo(THERE);
            assertThat(words.compareAndSet(slot, THERE, ELSEWHERE, true)).isTrue();
            assertThat(words.getAndSet(slot, 0, true)).isEqualTo(ELSEWHERE);
        }
    }

    @Test
    void aReplacementOnAnotherNode() {
        long block = heap.malloc(16, Alloc.OPAQUE);
        words.putPointer(free, block);
        exportFirst(() -> words.unlinkAndFree(free, block, THERE), THERE);
        assertThat(words.get(free)).isEqualTo(block);
        assertThat(heap.finder().isBlock(block)).isTrue();
        assertThat(words.unlinkAndFree(free, block, THERE, true, heap::unallocateWithin))
                .isTrue();
        assertThat(words.get(free)).isEqualTo(THERE);
        assertThat(heap.finder().isBlock(block)).isFalse();
        heap.bringHome(block);
    }

    @Test
    void aCopyNamesEachOfThemOnce() {
        long mine = heap.malloc(16, Alloc.OPAQUE);
        MemorySegment payload = bytes(mine, THERE, 7, ELSEWHERE, THERE);
        exportFirst(() -> copier.copyIn(free, payload), THERE, ELSEWHERE);
        assertThat(words.get(free)).isZero();
        assertThat(heap.freeIfFresh(mine)).as("nothing was stored").isTrue();
        MemorySegment foreign = bytes(0, THERE, 7, ELSEWHERE, THERE);
        copier.copyIn(free, foreign, true);
        assertThat(words.get(free + 32)).isEqualTo(THERE);
        exportFirst(() -> copier.copy(typed, free, 32), THERE, ELSEWHERE);
        copier.copy(typed, free, 32, true);
        assertThat(words.get(typed + 24)).isEqualTo(ELSEWHERE);
        copier.copyIn(typed, bytes(THERE, 0, THERE, 0));
        assertThat(words.get(typed)).as("no field for a pointer").isEqualTo(THERE);
        copier.copyIn(opaque, foreign);
        assertThat(words.get(opaque + 8)).isEqualTo(THERE);
    }

    @Test
    void rootsLeadToOtherNodes() {
        exportFirst(() -> names.put("there", THERE, false), THERE);
        exportFirst(() -> names.put("there", THERE, true), THERE);
        exportFirst(() -> slots.setOnce(1, THERE), THERE);
        assertThat(names.names()).isEmpty();
        assertThat(slots.get(1)).isZero();
        assertThat(names.put("there", THERE, true, true)).isZero();
        assertThat(names.put("there", ELSEWHERE, false, true)).isEqualTo(THERE);
        assertThat(names.get("there")).isEqualTo(ELSEWHERE);
        assertThat(slots.setOnce(1, THERE, true)).isEqualTo(THERE);
        assertThat(names.remove("there", ELSEWHERE)).isTrue();
    }

    @Test
    void numbersInConservativeBlocksAreNumbers() {
        for (long number : NUMBERS) {
            words.getAndSet(free, number);
            assertThat(words.get(free)).isEqualTo(number);
            copier.copyIn(free, bytes(number, number));
            assertThatThrownBy(() -> words.putPointer(free, number, true)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> words.compareAndSet(typed + 8, 0, number, true))
                    .isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> names.put("x", number, false, true)).isInstanceOf(InvalidPointer.class);
        }
        assertThat(words.getAndAdd(free, THERE)).isEqualTo(NUMBERS.getLast());
    }

    @Test
    void anArenaOfItsOwnKnowsNoOtherNodes() {
        ArenaFile own = TinyArena.open(Geometry.tiny(512));
        Heap alone = new Heap(own, false);
        Words its = new Words(alone, locks);
        long block = alone.malloc(64, Alloc.POINTERS);
        long pair = alone.malloc(PAIR, 32);
        RootDirectory directory = new RootDirectory(alone);
        for (Consumer<Boolean> call : List.<Consumer<Boolean>>of(
                exported -> its.putPointer(block, THERE, exported),
                exported -> its.compareAndSet(pair + 8, 0, THERE, exported),
                exported -> new RootSlots(alone).setOnce(0, THERE, exported),
                exported -> directory.put("x", THERE, false, exported))) {
            assertThatThrownBy(() -> call.accept(true)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> call.accept(false)).isInstanceOf(InvalidPointer.class);
        }
        assertThat(its.getAndSet(block, THERE)).as("a number like any other").isZero();
    }
}
