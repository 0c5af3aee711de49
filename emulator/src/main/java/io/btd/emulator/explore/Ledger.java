// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/// What the program knows of its heap: every block it may use, reachable or held. Changed with each
/// acknowledged call. Not thread-safe.
final class Ledger {
    private boolean formatted;
    private int strays;
    private boolean wiping;
    private boolean node;
    private final List<Cell> gone = new ArrayList<>();
    private SortedMap<String, Long> names = new TreeMap<>();
    private SortedMap<Integer, Long> slots = new TreeMap<>();
    private Map<Long, Cell> cells = new LinkedHashMap<>();
    private final SortedSet<Long> sessions = new TreeSet<>();
    private final Map<Long, Long> holders = new LinkedHashMap<>();
    private final Map<Long, Cell> undeclared = new LinkedHashMap<>();
    private final Set<Long> exported = new TreeSet<>();

    // --- what sessions hold

    /// The sessions that are open.
    SortedSet<Long> sessions() {
        return sessions;
    }

    /// The heap is that of a cluster's node.
    void ofNode() {
        node = true;
    }

    void opened(long session) {
        sessions.add(session);
    }

    /// Closes a session; returns the blocks that it held.
    List<Long> ended(long session) {
        sessions.remove(session);
        List<Long> held = new ArrayList<>();
        holders.forEach((block, holder) -> {
            if (holder == session && cells.containsKey(block)) {
                held.add(block);
            }
        });
        holders.values().removeIf(holder -> holder == session);
        return held;
    }

    /// A block that was allocated, and that the last session to be opened holds.
    void created(Cell cell) {
        put(cell);
        if (!sessions.isEmpty()) {
            holders.put(cell.pointer(), sessions.last());
        }
    }

    void exported(long pointer) {
        exported.add(pointer);
    }

    /// What was held before a crash, and not declared yet.
    List<Cell> undeclared() {
        return List.copyOf(undeclared.values());
    }

    void declared(Cell cell) {
        undeclared.remove(cell.pointer());
        cells.putIfAbsent(cell.pointer(), cell);
    }

    /// Gives up what was not declared.
    void forgetUndeclared() {
        undeclared.keySet().forEach(holders::remove);
        exported.removeAll(undeclared.keySet());
        undeclared.clear();
    }

    /// @param kept how many blocks came to be allocated without a holder
    /// @param wiped what was given back and wiped
    void decided(long kept, List<Cell> wiped) {
        strays += Math.toIntExact(kept);
        wiped.forEach(this::bury);
    }

    private HeapState.Holdings holdings() {
        Map<Long, Cell> held = new LinkedHashMap<>();
        holders.keySet().forEach(block -> hold(block, held));
        undeclared.keySet().forEach(block -> hold(block, held));
        return new HeapState.Holdings(node, new TreeSet<>(sessions), held, Set.copyOf(exported));
    }

    /// Whoever holds a block remembers what that refers to.
    private void hold(long pointer, Map<Long, Cell> held) {
        Cell cell = undeclared.getOrDefault(pointer, cells.get(pointer));
        if (cell == null || held.putIfAbsent(pointer, cell) != null) {
            return;
        }
        for (int word = 0; word < cell.words(); word++) {
            if (cell.mayPoint(word)) {
                hold(cell.word(word), held);
            }
        }
    }

    /// Starts again from what a node finds that sessions are to declare to.
    void undecided(HeapState found) {
        HeapState.Holdings holdings = found.holdings();
        reset(found, 0);
        sessions.addAll(holdings.sessions());
        for (Cell cell : holdings.held().values()) {
            if (!cells.containsKey(cell.pointer())) {
                undeclared.put(cell.pointer(), cell);
            }
            if (!sessions.isEmpty()) {
                holders.put(cell.pointer(), sessions.last());
            }
        }
        holdings.exported().stream()
                .filter(block -> cells.containsKey(block) || undeclared.containsKey(block))
                .forEach(exported::add);
    }

    // --- everything else

    void formatted() {
        formatted = true;
    }

    SortedMap<String, Long> names() {
        return names;
    }

    SortedMap<Integer, Long> slots() {
        return slots;
    }

    void put(Cell cell) {
        cells.put(cell.pointer(), cell);
    }

    /// Forgets a block that was freed.
    void drop(long pointer) {
        bury(cell(pointer));
        cells.remove(pointer);
        holders.remove(pointer);
        exported.remove(pointer);
    }

    /// From here on what is freed or reclaimed is wiped.
    void wiping() {
        wiping = true;
    }

    /// Notes the words that only this block holds: copies of them may be anywhere.
    private void bury(Cell cell) {
        if (!wiping || cell.kind() != ScanKind.OPAQUE) {
            return;
        }
        Set<Long> elsewhere = new HashSet<>();
        for (Cell other : cells.values()) {
            for (int word = 0; word < other.words() && other.pointer() != cell.pointer(); word++) {
                elsewhere.add(other.word(word));
            }
        }
        Cell unique = cell;
        for (int word = 0; word < cell.words(); word++) {
            unique = elsewhere.contains(cell.word(word)) ? unique.with(word, 0) : unique;
        }
        gone.add(unique);
    }

    /// The opaque blocks whose content must not be found any more.
    List<Cell> gone() {
        return gone.isEmpty() ? List.of() : List.copyOf(gone);
    }

    Cell cell(long pointer) {
        return java.util.Objects.requireNonNull(cells.get(pointer));
    }

    boolean knows(long pointer) {
        return cells.containsKey(pointer);
    }

    /// Every block, in the order they were allocated.
    List<Cell> cells() {
        return List.copyOf(cells.values());
    }

    /// Whether what looks like a pointer in a cell is one; typed fields hold nothing else.
    boolean sound(Cell cell) {
        for (int word = 0; word < cell.words(); word++) {
            long value = cell.word(word);
            boolean pointer = cell.kind() == ScanKind.TYPED ? value != 0 : GlobalPointer.arena(value) != 0;
            if (cell.mayPoint(word) && pointer && !knows(value)) {
                return false;
            }
        }
        return true;
    }

    /// Whether a block that the program may use refers to one.
    boolean isReferredTo(long pointer) {
        for (Cell cell : cells.values()) {
            for (int word = 0; word < cell.words(); word++) {
                if (cell.mayPoint(word) && cell.word(word) == pointer) {
                    return true;
                }
            }
        }
        return false;
    }

    /// How many words and roots refer to a block.
    int references(long pointer) {
        int count = 0;
        for (long root : names.values()) {
            count += root == pointer ? 1 : 0;
        }
        for (long root : slots.values()) {
            count += root == pointer ? 1 : 0;
        }
        List<Cell> all = new ArrayList<>(cells.values());
        all.addAll(undeclared.values());
        for (Cell cell : all) {
            for (int word = 0; word < cell.words(); word++) {
                count += cell.word(word) == pointer && cell.mayPoint(word) ? 1 : 0;
            }
        }
        return count;
    }

    /// Blocks nobody refers to, the newest first.
    List<Cell> unreferenced() {
        List<Cell> free = new ArrayList<>();
        for (Cell cell : cells.values()) {
            if (references(cell.pointer()) == 0) {
                free.addFirst(cell);
            }
        }
        return free;
    }

    /// What a crash now must leave.
    HeapState state() {
        Map<Long, Cell> reachable = new LinkedHashMap<>();
        names.values().forEach(root -> reach(root, reachable));
        slots.values().forEach(root -> reach(root, reachable));
        return HeapState.of(formatted, new TreeMap<>(names), new TreeMap<>(slots), reachable, holdings(), strays);
    }

    private void reach(long pointer, Map<Long, Cell> reachable) {
        Cell cell = cells.get(pointer);
        if (cell == null || reachable.putIfAbsent(pointer, cell) != null) {
            return;
        }
        for (int word = 0; word < cell.words(); word++) {
            if (cell.mayPoint(word)) {
                reach(cell.word(word), reachable);
            }
        }
    }

    /// Starts again from what a new session finds.
    ///
    /// @param kept how many unreachable blocks may still be there
    void reset(HeapState found, int kept) {
        formatted = found.formatted();
        names = new TreeMap<>(found.names());
        slots = new TreeMap<>(found.slots());
        cells = new LinkedHashMap<>(found.cells());
        strays = kept;
        sessions.clear();
        holders.clear();
        undeclared.clear();
        exported.clear();
        found.holdings().exported().stream().filter(cells::containsKey).forEach(exported::add);
    }

    /// Starts again from what a recovery found; the rest was reclaimed.
    ///
    /// @param wiped what had been wiped before the crash
    /// @param kept whether the pages around a reclaimed block are still in use, so that it was wiped
    void recovered(HeapState found, List<Cell> wiped, LongPredicate kept) {
        gone.clear();
        gone.addAll(wiped);
        cells.values().stream()
                .filter(cell -> !found.cells().containsKey(cell.pointer()) && kept.test(cell.pointer()))
                .forEach(this::bury);
        reset(found, 0);
    }

    /// What had been wiped before a crash.
    void buried(List<Cell> wiped) {
        gone.clear();
        gone.addAll(wiped);
    }

    /// So many unreachable blocks may still be there.
    void keep(int unreachable) {
        strays = unreachable;
    }

    int strays() {
        return strays;
    }
}
