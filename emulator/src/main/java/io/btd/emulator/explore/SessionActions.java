// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.ArrayList;
import java.util.List;

/// What only a cluster's node does: sessions, limbo, exports, the time after a crash. Each returns whether it applied.
final class SessionActions {
    private static final int MOST_SESSIONS = 9;
    private static final long CLIENT = 0x636c_6965_6e74L;

    private SessionActions() {}

    static boolean open(Session session) {
        NodeUnderTest node = session.node();
        if (node == null || session.ledger().sessions().size() >= MOST_SESSIONS) {
            return false;
        }
        long id = node.sessions().open(CLIENT, session.fresh(), 10_000);
        session.ledger().opened(id);
        return true;
    }

    /// The record goes first: a crash in between must find no session that could declare what is given up.
    static boolean end(Session session, int place) {
        NodeUnderTest node = session.node();
        Ledger ledger = session.ledger();
        if (node == null || ledger.sessions().isEmpty()) {
            return false;
        }
        ledger.undeclared().forEach(cell -> declare(session, node, cell));
        long id = List.copyOf(ledger.sessions()).get(place % ledger.sessions().size());
        session.expect("close of a session", true, node.sessions().close(id));
        for (long block : ledger.ended(id)) {
            boolean referred = ledger.references(block) > 0;
            boolean freed = node.heap().freeIfFresh(block);
            if (freed && referred) {
                throw new Session.Unexpected("freeIfFresh freed a block that is referred to");
            }
            if (freed) {
                ledger.drop(block);
            }
        }
        return true;
    }

    static boolean export(Session session, int place) {
        NodeUnderTest node = session.node();
        List<Cell> cells = session.ledger().cells();
        if (node == null || cells.isEmpty()) {
            return false;
        }
        Cell cell = cells.get(place % cells.size());
        node.heap().export(cell.pointer());
        session.ledger().exported(cell.pointer());
        return true;
    }

    static boolean unallocate(Session session, int place) {
        NodeUnderTest node = session.node();
        List<Cell> free = session.ledger().unreferenced();
        if (node == null || free.isEmpty()) {
            return false;
        }
        long block = free.get(place % free.size()).pointer();
        node.heap().unallocate(block);
        session.limbo().add(block);
        session.ledger().drop(block);
        return true;
    }

    static boolean bringHome(Session session) {
        NodeUnderTest node = session.node();
        if (node == null || session.limbo().isEmpty()) {
            return false;
        }
        node.heap().bringHome(session.limbo().removeFirst());
        return true;
    }

    static boolean declare(Session session, int place) {
        NodeUnderTest node = session.node();
        List<Cell> waiting = session.ledger().undeclared();
        if (node == null || waiting.isEmpty()) {
            return false;
        }
        declare(session, node, waiting.get(place % waiting.size()));
        return true;
    }

    private static void declare(Session session, NodeUnderTest node, Cell cell) {
        session.expect("declare", true, node.heap().declare(cell.pointer()));
        session.ledger().declared(cell);
    }

    /// Whoever has not declared by now holds nothing any more; but what blocks refer to is held by whoever holds those.
    static boolean decide(Session session) {
        NodeUnderTest node = session.node();
        ArenaLook look = session.look();
        if (node == null || !node.heap().undecided()) {
            return false;
        }
        boolean more = true;
        while (more) {
            List<Cell> referred = session.ledger().undeclared().stream()
                    .filter(cell -> session.ledger().isReferredTo(cell.pointer()))
                    .toList();
            referred.forEach(cell -> declare(session, node, cell));
            more = !referred.isEmpty();
        }
        List<Cell> forgotten = new ArrayList<>(session.ledger().undeclared());
        forgotten.removeIf(cell -> look.exported(cell.pointer()));
        session.ledger().forgetUndeclared();
        long kept = node.heap().decide().keptBlocks();
        forgotten.removeIf(cell -> !look.inRun(cell.pointer()));
        session.ledger().decided(kept, forgotten);
        return true;
    }
}
