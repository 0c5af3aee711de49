// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.emulator.explore.Session.Word;
import java.util.List;

/// Roots and pointers. Each returns whether it applied.
final class PointerActions {
    private static final List<String> NAMES = List.of("a", "b", "c", "n".repeat(90));

    private PointerActions() {}

    static boolean put(Session session, int variant, int place, boolean onlyIfAbsent) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty()) {
            return false;
        }
        String name = NAMES.get(variant);
        Cell cell = free.get(place % free.size());
        long before = session.ledger().names().getOrDefault(name, 0L);
        long answer = onlyIfAbsent
                ? session.cluster().roots().putIfAbsent(name, cell.pointer())
                : session.cluster().roots().put(name, cell.pointer());
        session.expect("put", before, answer);
        if (!onlyIfAbsent || before == 0) {
            session.ledger().names().put(name, cell.pointer());
        }
        return true;
    }

    static boolean remove(Session session, int variant) {
        String name = NAMES.get(variant);
        Long block = session.ledger().names().get(name);
        if (block == null) {
            return false;
        }
        session.expect("remove", true, session.cluster().roots().remove(name, block));
        session.ledger().names().remove(name);
        return true;
    }

    static boolean once(Session session, int slot, int place) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty()) {
            return false;
        }
        Cell cell = free.get(place % free.size());
        Long there = session.ledger().slots().get(slot);
        long expected = there == null ? cell.pointer() : there;
        session.expect("setSlotOnce", expected, session.cluster().roots().setSlotOnce(slot, cell.pointer()));
        session.ledger().slots().putIfAbsent(slot, cell.pointer());
        return true;
    }

    static boolean link(Session session, int place) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty()) {
            return false;
        }
        Cell target = free.getFirst();
        List<Word> words = session.pointerWords(word -> word.cell().pointer() != target.pointer());
        if (words.isEmpty()) {
            return false;
        }
        Word slot = words.get(place % words.size());
        session.cluster().publish(slot.address(), target.pointer());
        session.ledger().put(slot.cell().with(slot.index(), target.pointer()));
        return true;
    }

    static boolean unlink(Session session, int place) {
        List<Word> words = session.pointerWords(session::points);
        if (words.isEmpty()) {
            return false;
        }
        Word slot = words.get(place % words.size());
        session.cluster().putPointer(slot.address(), 0);
        session.ledger().put(slot.cell().with(slot.index(), 0));
        return true;
    }

    static boolean replace(Session session, int variant, int place) {
        Ledger ledger = session.ledger();
        List<Word> words = session.pointerWords(word ->
                session.points(word) && word.value() != word.cell().pointer() && ledger.references(word.value()) == 1);
        List<Cell> free = ledger.unreferenced();
        if (words.isEmpty() || variant == 1 && free.isEmpty()) {
            return false;
        }
        Word slot = words.get(place % words.size());
        long replacement = variant == 1 ? free.getFirst().pointer() : 0;
        long expected = slot.value();
        session.expect("unlinkAndFree", true, session.cluster().unlinkAndFree(slot.address(), expected, replacement));
        ledger.put(slot.cell().with(slot.index(), replacement));
        ledger.drop(expected);
        return true;
    }

    /// compareAndSet of a pointer: publishes.
    static boolean swing(Session session, int place) {
        List<Cell> free = session.ledger().unreferenced();
        if (free.isEmpty()) {
            return false;
        }
        Cell target = free.getFirst();
        List<Word> words = session.pointerWords(word -> word.cell().pointer() != target.pointer());
        if (words.isEmpty()) {
            return false;
        }
        Word slot = words.get(place % words.size());
        boolean done = session.cluster().compareAndSet(slot.address(), slot.value(), target.pointer());
        session.expect("compareAndSet", true, done);
        session.ledger().put(slot.cell().with(slot.index(), target.pointer()));
        return true;
    }
}
