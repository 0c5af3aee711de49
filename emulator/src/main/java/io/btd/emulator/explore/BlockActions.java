// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import io.btd.api.Layout;
import io.btd.api.ScanKind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// malloc, free, realloc. Each returns whether it applied.
final class BlockActions {
    private static final Layout PAIR = new Layout(1, 0, 32, false, List.of(8L, 24L));
    private static final Layout ROWS = new Layout(2, 0, 24, true, List.of(8L));
    private static final Layout WIDE = new Layout(3, 1, 64, false, List.of(0L, 56L));
    private static final Layout LATE = new Layout(4, 2, 40, true, List.of(32L));
    private static final Layout LONG = new Layout(99, 0, 51 * 512L, false, List.of(8L));
    private static final int MOST_CELLS = 40;
    private static final int MOST_FILLING = 500;

    private BlockActions() {}

    static boolean small(Session session, int variant) {
        if (session.ledger().cells().size() > MOST_CELLS) {
            return false;
        }
        switch (variant) {
            case 0 -> opaque(session, 24);
            case 1 -> pointers(session, 32);
            case 2 -> typed(session, PAIR, 48);
            case 3 -> typed(session, ROWS, 96);
            case 4 -> opaque(session, 200);
            case 5 -> pointers(session, 144);
            case 6 -> untouched(session);
            case 7 -> typed(session, WIDE, 64);
            default -> typed(session, LATE, 80);
        }
        return true;
    }

    static boolean layout(Session session) {
        session.malloc(LONG, LONG.size());
        throw new Session.Unexpected("a block larger than the arena found room");
    }

    static boolean large(Session session, int variant) {
        if (session.ledger().cells().size() > MOST_CELLS) {
            return false;
        }
        switch (variant) {
            case 0 -> opaque(session, 1504);
            case 1 -> pointers(session, 1040);
            case 2 -> aligned(session);
            default -> typed(session, ROWS, 768);
        }
        return true;
    }

    /// Nothing is written to it: whatever it holds, it must be there.
    private static void untouched(Session session) {
        long block = session.malloc(16, Alloc.OPAQUE);
        session.ledger().created(new Cell(block, ScanKind.OPAQUE, null, new byte[0]));
    }

    /// Of a size class, but not of any place in it.
    private static void aligned(Session session) {
        opaque(session, 128, Alloc.OPAQUE.align(128));
    }

    private static void opaque(Session session, int size) {
        opaque(session, size, Alloc.OPAQUE);
    }

    private static void opaque(Session session, int size, Alloc alloc) {
        long block = session.malloc(size, alloc);
        byte[] content = content(session, size);
        Durability durability = session.node() == null ? Durability.VISIBLE : Durability.PERSISTENT;
        session.cluster().write(block, MemorySegment.ofArray(content), durability);
        session.ledger().created(new Cell(block, ScanKind.OPAQUE, null, content));
    }

    /// Numbers, and first a pointer that must keep nothing alive: of this block or of any other.
    private static byte[] content(Session session, int size) {
        long[] words = new long[size / 8];
        long base = session.fresh() << 16;
        for (int i = 0; i < words.length; i++) {
            words[i] = base + i;
        }
        List<Cell> cells = session.ledger().cells();
        if (!cells.isEmpty()) {
            words[0] = cells.getLast().pointer();
        }
        return Cell.bytes(words);
    }

    private static void pointers(Session session, int size) {
        zeroed(session, session.malloc(size, Alloc.POINTERS), ScanKind.POINTERS, null, size);
    }

    private static void typed(Session session, Layout layout, int size) {
        zeroed(session, session.malloc(layout, size), ScanKind.TYPED, layout, size);
    }

    private static void zeroed(Session session, long block, ScanKind kind, @Nullable Layout layout, int size) {
        session.ledger().created(new Cell(block, kind, layout, new byte[size]));
    }

    static boolean fill(Session session) {
        if (!session.filling().isEmpty()) {
            return false;
        }
        for (long size : new long[] {4096, 1024, 520, 16}) {
            try {
                while (session.filling().size() < MOST_FILLING) {
                    session.filling().add(session.cluster().malloc(size, Alloc.OPAQUE));
                }
            } catch (BtdException.Full full) {
                // the next size down
            }
        }
        return true;
    }

    static boolean drain(Session session) {
        if (session.filling().isEmpty()) {
            return false;
        }
        session.filling().forEach(session.cluster()::free);
        session.filling().clear();
        return true;
    }

    static boolean free(Session session, int place) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty()) {
            return false;
        }
        Cell cell = free.get(place % free.size());
        session.cluster().free(cell.pointer());
        session.ledger().drop(cell.pointer());
        return true;
    }

    static boolean grow(Session session, int place) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty() || session.node() != null) {
            return false;
        }
        Cell cell = free.get(place % free.size());
        long grown = session.cluster().realloc(cell.pointer(), Math.max(48, cell.content().length * 2L));
        session.ledger().put(new Cell(grown, cell.kind(), cell.layout(), cell.content()));
        if (grown != cell.pointer()) {
            session.ledger().drop(cell.pointer());
        }
        return true;
    }
}
