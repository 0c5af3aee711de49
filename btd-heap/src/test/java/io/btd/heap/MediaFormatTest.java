// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.Golden;
import io.btd.pmem.MemoryMedium;
import io.btd.pmem.TinyArena;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The format on media, pinned: an arena with one of everything looks as it always did.
class MediaFormatTest {

    @Test
    void aNodesArenaLooksAsItAlwaysDid() throws IOException {
        MemoryMedium medium = TinyArena.formatted(Geometry.tiny(256));
        ArenaFile arena = ArenaFile.open(medium);
        Heap heap = new Heap(arena, false, Reach.CLUSTER, null);
        SessionTable sessions = new SessionTable(heap);
        long over = sessions.open(1, 2, 3);
        sessions.open(0x3333_3333_3333_3333L, 0x4444_4444_4444_4444L, 10_000);
        sessions.close(over);
        long held = heap.mallocHeld(24, Alloc.POINTERS);
        long large = heap.mallocHeld(3000, Alloc.OPAQUE);
        heap.export(held);
        heap.export(large);
        new RootDirectory(heap).put("there", GlobalPointer.of(2, 1, 4096), false, true);

        assertThat(heap.close(true)).hasValue(false);
        arena.markClosed(false);
        assertThat(Golden.written("node-arena.hex", Golden.dump(medium.segment())))
                .isEqualTo(Golden.expected("node-arena.hex"));
    }

    @Test
    void aSmallArenaLooksAsItAlwaysDid() throws IOException {
        MemoryMedium medium = TinyArena.formatted(Geometry.tiny(256));
        ArenaFile arena = ArenaFile.open(medium);
        Heap heap = new Heap(arena, false);
        RootDirectory directory = new RootDirectory(heap);
        RootSlots slots = new RootSlots(heap);

        long opaque = heap.malloc(24, Alloc.OPAQUE);
        arena.memory().setLong(GlobalPointer.offset(opaque), 0x1111_1111_1111_1111L);
        long pointers = heap.malloc(100, Alloc.POINTERS);
        arena.memory().setLong(GlobalPointer.offset(pointers) + 8, opaque);
        heap.beforePointerTo(opaque);
        long typed = heap.malloc(new Layout(77, 1, 24, true, List.of(0L, 16L)), 48);
        long large = heap.malloc(3000, Alloc.OPAQUE);
        arena.memory().setLong(GlobalPointer.offset(large), 0x2222_2222_2222_2222L);
        directory.put("one", pointers, false);
        directory.put("two", typed, false);
        slots.setOnce(5, large);

        assertThat(heap.close()).hasValue(true);
        arena.markClosed(true);
        assertThat(Golden.written("small-arena.hex", Golden.dump(medium.segment())))
                .isEqualTo(Golden.expected("small-arena.hex"));
    }
}
