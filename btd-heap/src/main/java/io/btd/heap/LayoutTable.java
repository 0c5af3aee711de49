// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.BtdException.InvalidLayout;
import io.btd.api.Layout;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/// The shapes of typed blocks, append-only. *Persistent*.
///
/// ```
/// 0   used      8   bytes of records in use; its store is what makes a record count
/// 8   records:
///     0  id        4   the program's number
///     4  version   4   bit 31: repeated
///     8  size      8   bytes of an element
///     16 bitmap        one bit per word of an element, set for pointers, in whole words
/// ```
///
/// Records are numbered from [TypeLayout#FIRST] in their order; lower numbers are the directory's own.
/// Thread-safe; lookups take no lock.
public final class LayoutTable {
    private static final int RECORDS = 8;
    private static final int BITMAP = 16;
    private static final int REPEATED = 0x8000_0000;

    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final long base;
    private final int bytes;
    private final ReentrantLock growing = new ReentrantLock();
    private final Map<Integer, TypeLayout> byId = new ConcurrentHashMap<>();
    private final List<TypeLayout> builtIn = List.of(
            new TypeLayout(
                    TypeLayout.DIRECTORY_NODE,
                    new Layout(
                            TypeLayout.DIRECTORY_NODE,
                            0,
                            8L * RootDirectory.FANOUT,
                            false,
                            LongStream.range(0, RootDirectory.FANOUT)
                                    .map(i -> 8 * i)
                                    .boxed()
                                    .toList())),
            new TypeLayout(
                    TypeLayout.DIRECTORY_ENTRY, new Layout(TypeLayout.DIRECTORY_ENTRY, 0, 32, false, List.of(0L, 8L))));
    private volatile TypeLayout[] byNumber;

    /// Reads the table of `arena`.
    ///
    /// @throws ArenaUnusable when it contradicts itself
    public LayoutTable(ArenaFile arena) {
        Geometry geometry = arena.geometry();
        this.arena = arena;
        memory = arena.memory();
        base = geometry.layoutsOffset();
        bytes = geometry.layoutBytes();
        List<TypeLayout> all = new ArrayList<>(builtIn);
        long used = memory.getLong(base);
        if (used < 0 || used > bytes - RECORDS || used % 8 != 0) {
            throw corrupt("layout table length " + used);
        }
        long at = 0;
        while (at < used) {
            TypeLayout layout = read(at, used, TypeLayout.FIRST + all.size() - builtIn.size());
            all.add(layout);
            byId.put(layout.layout().id(), layout);
            at += recordBytes(layout.layout().size());
        }
        byNumber = all.toArray(TypeLayout[]::new);
    }

    private TypeLayout read(long at, long used, int number) {
        long record = base + RECORDS + at;
        if (at + BITMAP > used) {
            throw corrupt("layout record at " + at);
        }
        int id = memory.getInt(record);
        int version = memory.getInt(record + 4);
        long size = memory.getLong(record + 8);
        if (size < 8 || size > Layout.MAX_SIZE || at + recordBytes(size) > used) {
            throw corrupt("layout size " + size);
        }
        List<Long> offsets = new ArrayList<>();
        for (long word = 0; word < size / 8; word++) {
            if ((memory.getLong(record + BITMAP + word / 64 * 8) >>> word % 64 & 1) != 0) {
                offsets.add(8 * word);
            }
        }
        try {
            return new TypeLayout(
                    number, new Layout(id, version & ~REPEATED, size, (version & REPEATED) != 0, offsets));
        } catch (InvalidLayout e) {
            throw corrupt("layout " + id);
        }
    }

    private ArenaUnusable corrupt(String what) {
        return arena.corrupt("found=" + what);
    }

    private static long recordBytes(long size) {
        return BITMAP + (size / 8 + 63) / 64 * 8;
    }

    /// The largest layout number in use.
    public int count() {
        return byNumber.length;
    }

    /// The layout with a number.
    public TypeLayout get(int number) {
        return byNumber[number - 1];
    }

    /// The arena's own form of `layout`, persisting it at its first use.
    ///
    /// @throws InvalidLayout when the arena knows another shape under this id, or the table is full
    TypeLayout intern(Layout layout) {
        TypeLayout known = byId.get(layout.id());
        if (known == null) {
            Interleaving.lock(growing);
            try {
                known = byId.get(layout.id());
                if (known == null) {
                    known = append(layout);
                }
            } finally {
                growing.unlock();
            }
        }
        if (!known.layout().equals(layout)) {
            throw new InvalidLayout(
                    "layout differs from the arena's: asked=" + layout + ", persisted=" + known.layout(),
                    "use another id for another shape");
        }
        return known;
    }

    private TypeLayout append(Layout layout) {
        long used = memory.getLong(base);
        long length = recordBytes(layout.size());
        if (used + length > bytes - RECORDS || byNumber.length >= 0xffff) {
            throw new InvalidLayout(
                    "layout table is full: id=" + layout.id() + ", layouts=" + byNumber.length,
                    "use fewer or smaller layouts in one arena");
        }
        long record = base + RECORDS + used;
        memory.setInt(record, layout.id());
        memory.setInt(record + 4, layout.version() | (layout.repeated() ? REPEATED : 0));
        memory.setLong(record + 8, layout.size());
        memory.zero(record + BITMAP, length - BITMAP);
        for (long offset : layout.pointerOffsets()) {
            long word = record + BITMAP + offset / 512 * 8;
            memory.setLong(word, memory.getLong(word) | 1L << offset / 8 % 64);
        }
        memory.persist(record, length, HeapSite.LAYOUT_RECORD);
        memory.setLongRelease(base, used + length);
        memory.persist(base, 8, HeapSite.LAYOUT_COUNT);
        TypeLayout[] grown = java.util.Arrays.copyOf(byNumber, byNumber.length + 1);
        TypeLayout added = new TypeLayout(grown.length, layout);
        grown[grown.length - 1] = added;
        byNumber = grown;
        byId.put(layout.id(), added);
        return added;
    }
}
