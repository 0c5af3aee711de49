// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Durability;
import io.btd.api.ScanKind;
import io.btd.emulator.explore.Session.Word;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// memcpy, write, atomics. Each returns whether it applied.
final class ContentActions {
    private ContentActions() {}

    /// memcpy from bytes.
    static boolean copy(Session session, int variant, int place) {
        if (variant == 5) {
            return copyPointer(session, place);
        }
        int at = variant == 2 ? 3 : 8;
        int length = switch (variant) {
            case 0 -> 8;
            case 1 -> 16;
            case 2 -> 13;
            case 3 -> 136;
            default -> 1000;
        };
        List<Cell> cells = session.ledger().cells().stream()
                .filter(cell -> cell.content().length >= at + length)
                .toList();
        if (cells.isEmpty()) {
            return false;
        }
        Cell cell = cells.get(place % cells.size());
        byte[] bytes = new byte[length];
        long number = session.fresh();
        if (variant == 2 && cell.kind() != ScanKind.OPAQUE) {
            return false; // half a pointer is nobody's pointer, or somebody else's
        }
        for (int i = 0; i + 8 <= length; i += 8) {
            boolean field = variant != 2 && cell.kind() == ScanKind.TYPED && cell.mayPoint((at + i) / 8);
            System.arraycopy(Cell.bytes(field ? 0 : number * 256 + i), 0, bytes, i, 8);
        }
        session.inFlight().changes(cell.pointer(), at, length);
        session.cluster().memcpy(cell.pointer() + at, MemorySegment.ofArray(bytes));
        session.ledger().put(cell.with(at, bytes));
        return true;
    }

    /// memcpy of a pointer and a number: publishes.
    private static boolean copyPointer(Session session, int place) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty()) {
            return false;
        }
        Cell target = free.getFirst();
        List<Word> words = session.pointerWords(word -> word.cell().pointer() != target.pointer()
                && word.index() + 1 < word.cell().words());
        if (words.isEmpty()) {
            return false;
        }
        Word slot = words.get(place % words.size());
        byte[] bytes = Cell.bytes(target.pointer(), session.fresh());
        session.inFlight().changes(slot.cell().pointer(), slot.index() * 8L, bytes.length);
        session.cluster().memcpy(slot.address(), MemorySegment.ofArray(bytes));
        session.ledger().put(slot.cell().with(slot.index() * 8, bytes));
        return true;
    }

    /// memcpy from block to block, or within one, overlapping.
    static boolean move(Session session, int variant, int place) {
        List<Cell> cells = session.ledger().cells().stream()
                .filter(cell -> cell.content().length >= 32)
                .toList();
        if (cells.isEmpty()) {
            return false;
        }
        Cell from = cells.get(place % cells.size());
        Cell to = variant == 0 ? from : cells.get((place / cells.size() + 1) % cells.size());
        int source = variant == 0 ? 0 : 8;
        int destination = variant == 0 ? 16 : 0;
        int length =
                (Math.min(from.content().length - source, to.content().length - destination) & ~7) * (variant + 1) / 2
                        & ~7;
        Cell moved = to.with(destination, Arrays.copyOfRange(from.content(), source, source + length));
        if (!session.ledger().sound(moved)) {
            return false;
        }
        session.inFlight().changes(to.pointer(), destination, length);
        session.cluster().memcpy(to.pointer() + destination, from.pointer() + source, length);
        session.ledger().put(moved);
        return true;
    }

    /// write, PERSISTENT.
    static boolean write(Session session, int variant, int place) {
        int words = variant == 0 ? 2 : 20;
        List<Cell> cells = session.ledger().cells().stream()
                .filter(cell -> cell.kind() == ScanKind.OPAQUE && cell.words() > words)
                .toList();
        if (cells.isEmpty()) {
            return false;
        }
        Cell cell = cells.get(place % cells.size());
        long[] numbers = new long[words];
        Arrays.fill(numbers, session.fresh());
        session.inFlight().mayTear(cell.pointer());
        session.cluster().write(cell.pointer() + 8, MemorySegment.ofArray(Cell.bytes(numbers)), Durability.PERSISTENT);
        session.ledger().put(cell.with(8, Cell.bytes(numbers)));
        return true;
    }

    private interface Atomic {
        long apply(Word word);
    }

    private static boolean atomic(Session session, int place, Atomic atomic) {
        List<Word> words = session.words(
                word -> word.cell().kind() != ScanKind.TYPED && !session.points(word) && word.index() > 0);
        if (words.isEmpty()) {
            return false;
        }
        Word word = words.get(place % words.size());
        long now = atomic.apply(word);
        session.ledger().put(word.cell().with(word.index(), now));
        return true;
    }

    static boolean compareAndSet(Session session, int place) {
        return atomic(session, place, word -> {
            boolean number = word.cell().kind() == ScanKind.OPAQUE;
            long next = number ? session.fresh() : 0;
            session.expect("compareAndSet", true, session.cluster().compareAndSet(word.address(), word.value(), next));
            return next;
        });
    }

    static boolean add(Session session, int place) {
        return atomic(session, place, word -> {
            session.expect("getAndAdd", word.value(), session.cluster().getAndAdd(word.address(), 1000));
            return word.value() + 1000;
        });
    }

    static boolean swap(Session session, int place) {
        return atomic(session, place, word -> {
            long next = word.cell().kind() == ScanKind.OPAQUE ? session.fresh() : 0;
            session.expect("getAndSet", word.value(), session.cluster().getAndSet(word.address(), next));
            return next;
        });
    }
}
