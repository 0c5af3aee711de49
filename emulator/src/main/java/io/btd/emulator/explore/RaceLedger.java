// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.ScanKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the threads of a race know together: which blocks live, what each shared word, name and slot may hold, and so
/// in which states a crash may leave the arena just now. Changed only by the thread that has the turn.
final class RaceLedger {
    /// Words of the table: shared ones, then one for each thread.
    static final int SHARED = 2;

    private static final int TABLE_WORDS = 8;
    static final int COPY_BYTES = 48;
    private static final int MOST_STATES = 64;
    /// The root that leads to the table of words.
    static final String TABLE = "t";
    /// The root that leads to the block that everybody copies into.
    static final String TARGET = "d";
    static final List<String> NAMES = List.of("a", "b");

    private final List<RaceBlock> blocks = new ArrayList<>();
    private final Map<Integer, Long> mayFree = new HashMap<>();
    final List<RaceRegister> words = new ArrayList<>();
    final List<RaceRegister> names = new ArrayList<>();
    final RaceRegister slot = new RaceRegister("slot 0", this::pointer);
    final RaceRegister copies = new RaceRegister("copies", tag -> tag);
    final Deque<RaceBlock> given = new ArrayDeque<>();
    private final long table;
    private final long target;

    @Nullable
    RaceBlock victim;

    boolean victimRefused;

    private long clock;
    private long tags;

    RaceLedger(long table, long target) {
        this.table = table;
        this.target = target;
        for (int word = 0; word < SHARED + Race.MOST; word++) {
            words.add(new RaceRegister("word " + word, this::pointer));
        }
        for (String name : NAMES) {
            names.add(new RaceRegister("name " + name, this::pointer));
        }
    }

    /// Something is not as it must be.
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String what) {
            super(what);
        }
    }

    long tick() {
        return ++clock;
    }

    /// A number to fill a block with.
    long tag() {
        return ++tags;
    }

    private long pointer(long number) {
        return number == 0 ? 0 : blocks.get((int) number - 1).pointer();
    }

    RaceBlock block(long number) {
        return blocks.get((int) number - 1);
    }

    List<RaceBlock> blocks() {
        return blocks;
    }

    // --- lives

    /// A block was allocated: nobody else has its memory, unless it is just being freed.
    RaceBlock born(long pointer, ScanKind kind, long size, byte[] content) {
        for (RaceBlock other : blocks) {
            if (!other.freed && !other.replaced && other.overlaps(pointer, size)) {
                if (!mayFree.containsValue(other.pointer())) {
                    throw new Wrong("block granted twice: " + HeapState.hex(pointer) + " overlaps live "
                            + HeapState.hex(other.pointer()));
                }
                other.replaced = true;
            }
        }
        RaceBlock block = new RaceBlock(blocks.size() + 1L, new Cell(pointer, kind, null, content), size);
        blocks.add(block);
        return block;
    }

    /// A thread begins a call that may free the block at a pointer.
    void mayFree(int thread, long pointer) {
        mayFree.put(thread, pointer);
    }

    /// It returned.
    void mayFreeNoMore(int thread) {
        mayFree.remove(thread);
    }

    /// A block's memory is somebody else's for certain now.
    void died(RaceBlock block) {
        if (block.freed) {
            throw new Wrong("block freed twice: " + HeapState.hex(block.pointer()));
        }
        block.freed = true;
    }

    /// Whether a call may be told that nothing is allocated at a pointer.
    boolean maybeFree(long pointer) {
        return mayFree.containsValue(pointer)
                || blocks.stream().anyMatch(block -> block.pointer() == pointer && (block.freed || block.replaced));
    }

    /// A call took a pointer out of a register: which block that was.
    RaceBlock takenOut(RaceRegister register, long pointer) {
        RaceBlock found = null;
        for (RaceBlock block : register.inside) {
            if (block.pointer() == pointer && !block.freed && (found == null || block.replaced)) {
                found = block;
            }
        }
        if (found == null) {
            throw new Wrong(register.name + " returned what nobody put there: " + HeapState.hex(pointer));
        }
        register.inside.remove(found);
        return found;
    }

    /// When all threads are done, nothing is in between any more.
    void requireSettled() {
        for (RaceBlock block : blocks) {
            if (block.replaced && !block.freed) {
                throw new Wrong("block granted again, and nobody freed it: " + HeapState.hex(block.pointer()));
            }
        }
        if (victimRefused && victim != null && !victim.freed) {
            throw new Wrong("free was refused, and nobody freed the block: " + HeapState.hex(victim.pointer()));
        }
        for (RaceRegister register : registers()) {
            if (!register.linearizable(0)) {
                throw new Wrong("not linearizable: " + register.name);
            }
        }
    }

    private List<RaceRegister> registers() {
        List<RaceRegister> all = new ArrayList<>(words);
        all.addAll(names);
        all.add(slot);
        all.add(copies);
        return all;
    }

    // --- states

    /// What a crash now may leave.
    Owing owing(String what, boolean acknowledges) {
        List<HeapState> states = new ArrayList<>();
        combine(registers(), 0, new ArrayList<>(), states);
        return Owing.oneOf(what, states, acknowledges);
    }

    private void combine(List<RaceRegister> registers, int at, List<Long> values, List<HeapState> states) {
        if (at == registers.size()) {
            if (states.size() == MOST_STATES) {
                throw new IllegalStateException("too many states are possible: states=" + MOST_STATES);
            }
            states.add(state(values));
            return;
        }
        Set<Long> possible = registers.get(at).possible();
        if (possible.isEmpty()) {
            throw new Wrong("no order of the calls explains their answers: " + registers.get(at).name);
        }
        for (long value : possible) {
            values.add(value);
            combine(registers, at + 1, values, states);
            values.removeLast();
        }
    }

    private HeapState state(List<Long> values) {
        Map<Long, Cell> cells = new LinkedHashMap<>();
        long[] content = new long[TABLE_WORDS];
        int at = 0;
        for (int word = 0; word < words.size(); word++) {
            content[word] = reach(values.get(at++), cells);
        }
        cells.put(table, new Cell(table, ScanKind.POINTERS, null, Cell.bytes(content)));
        SortedMap<String, Long> roots = new TreeMap<>();
        for (String name : NAMES) {
            long to = reach(values.get(at++), cells);
            if (to != 0) {
                roots.put(name, to);
            }
        }
        SortedMap<Integer, Long> slots = new TreeMap<>();
        long once = reach(values.get(at++), cells);
        if (once != 0) {
            slots.put(0, once);
        }
        cells.put(target, new Cell(target, ScanKind.OPAQUE, null, filled(values.get(at), COPY_BYTES)));
        roots.put(TABLE, table);
        roots.put(TARGET, target);
        HeapState.Holdings none = new HeapState.Holdings(false, new TreeSet<>(), Map.of(), Set.of());
        return HeapState.of(true, roots, slots, cells, none, 0);
    }

    private long reach(long number, Map<Long, Cell> cells) {
        if (number == 0) {
            return 0;
        }
        Cell cell = block(number).cell;
        cells.put(cell.pointer(), cell);
        return cell.pointer();
    }

    /// Words that say whose they are.
    static byte[] filled(long tag, int bytes) {
        long[] words = new long[bytes / Long.BYTES];
        for (int i = 0; i < words.length && tag != 0; i++) {
            words[i] = tag << 8 | i + 1;
        }
        return Cell.bytes(words);
    }
}
