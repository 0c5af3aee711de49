// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.Roots;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// Compares an open cluster with what is owed, through its public calls only.
final class StateMatch {
    private final BtdCluster cluster;
    private final @Nullable Declarations declarations;
    private final List<String> differences = new ArrayList<>();

    StateMatch(BtdCluster cluster) {
        this(cluster, null);
    }

    /// @param declarations of the sessions of a node, null when there are none
    StateMatch(BtdCluster cluster, @Nullable Declarations declarations) {
        this.cluster = cluster;
        this.declarations = declarations;
    }

    /// How sessions get at what they hold.
    interface Declarations {
        /// The sessions that are open.
        SortedSet<Long> sessions();

        /// Whether a session still holds a block of at least so many bytes.
        boolean holds(long pointer, int bytes);

        /// Whether the run of a block is exported.
        boolean exported(long pointer);

        /// What a block holds, allocated or not.
        byte[] bytes(long pointer, int length);
    }

    /// A cluster is in none of the states that are owed.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what);
        }
    }

    /// The state the cluster is in, one of the two that are owed, with the words of a torn write as found.
    ///
    /// @throws Broken when it is in neither, saying what differs
    HeapState find(Owing owing) {
        HeapState after = match(owing.after(), owing);
        if (after != null) {
            return after;
        }
        HeapState before = owing.before().hash() == owing.after().hash() ? null : match(owing.before(), owing);
        if (before != null) {
            return before;
        }
        for (HeapState other : owing.others()) {
            HeapState found = match(other, owing);
            if (found != null) {
                return found;
            }
        }
        throw new Broken(String.join("  |  ", differences));
    }

    private @Nullable HeapState match(HeapState wanted, Owing owing) {
        String difference = rootsDifference(wanted);
        if (!difference.isEmpty()) {
            differences.add(difference);
            return null;
        }
        Map<Long, Cell> torn = new HashMap<>();
        for (Cell cell : wanted.cells().values()) {
            difference = cellDifference(cell, owing, torn);
            if (!difference.isEmpty()) {
                differences.add(difference);
                return null;
            }
        }
        difference = heldDifference(wanted, owing, torn);
        if (!difference.isEmpty()) {
            differences.add(difference);
            return null;
        }
        if (torn.isEmpty()) {
            return wanted;
        }
        HeapState.Holdings holdings = wanted.holdings();
        return HeapState.of(
                wanted.formatted(),
                wanted.names(),
                wanted.slots(),
                with(wanted.cells(), torn),
                new HeapState.Holdings(
                        holdings.node(), holdings.sessions(), with(holdings.held(), torn), holdings.exported()),
                wanted.strays());
    }

    private static Map<Long, Cell> with(Map<Long, Cell> cells, Map<Long, Cell> torn) {
        Map<Long, Cell> changed = new LinkedHashMap<>(cells);
        changed.replaceAll(torn::getOrDefault);
        return changed;
    }

    private String heldDifference(HeapState wanted, Owing owing, Map<Long, Cell> torn) {
        if (declarations == null) {
            return "";
        }
        if (!declarations.sessions().equals(wanted.holdings().sessions())) {
            return "sessions are " + declarations.sessions() + " instead of "
                    + wanted.holdings().sessions();
        }
        for (long block : wanted.holdings().exported()) {
            boolean lives = wanted.cells().containsKey(block) || wanted.held().containsKey(block);
            if (lives && !declarations.exported(block)) {
                return "exported block's run is not marked: " + HeapState.hex(block);
            }
        }
        for (Cell cell : wanted.held().values()) {
            if (!declarations.holds(cell.pointer(), cell.content().length)) {
                return "held block is not there: " + HeapState.hex(cell.pointer());
            }
            String difference =
                    contentDifference(cell, declarations.bytes(cell.pointer(), cell.content().length), owing, torn);
            if (!difference.isEmpty()) {
                return "held " + difference;
            }
        }
        return "";
    }

    private String rootsDifference(HeapState wanted) {
        Roots roots = cluster.roots();
        List<String> names = roots.names();
        if (!names.equals(List.copyOf(wanted.names().keySet()))) {
            return "names are " + names + " instead of " + wanted.names().keySet();
        }
        for (Map.Entry<String, Long> name : wanted.names().entrySet()) {
            long block = roots.get(name.getKey());
            if (block != name.getValue()) {
                return "root " + name.getKey() + " leads to " + HeapState.hex(block) + " instead of "
                        + HeapState.hex(name.getValue());
            }
        }
        for (int slot = 0; slot < Roots.SLOTS; slot++) {
            long block = roots.slot(slot);
            if (block != wanted.slots().getOrDefault(slot, 0L)) {
                return "slot " + slot + " holds " + HeapState.hex(block) + " instead of "
                        + HeapState.hex(wanted.slots().getOrDefault(slot, 0L));
            }
        }
        return "";
    }

    private String cellDifference(Cell cell, Owing owing, Map<Long, Cell> torn) {
        byte[] found = new byte[cell.content().length];
        try {
            cluster.readRaw(cell.pointer(), MemorySegment.ofArray(found));
        } catch (BtdException.InvalidPointer e) {
            return "reachable block is not allocated: " + e.getMessage();
        }
        return contentDifference(cell, found, owing, torn);
    }

    private static String contentDifference(Cell cell, byte[] found, Owing owing, Map<Long, Cell> torn) {
        if (java.util.Arrays.equals(found, cell.content())) {
            return "";
        }
        Cell now = new Cell(cell.pointer(), cell.kind(), cell.layout(), found);
        Cell older = owing.before()
                .cells()
                .getOrDefault(cell.pointer(), owing.before().held().get(cell.pointer()));
        boolean mixed = owing.mixed() == cell.pointer() && older != null;
        for (int word = 0; word < now.words(); word++) {
            boolean allowed =
                    now.word(word) == cell.word(word) || mixed && older != null && now.word(word) == older.word(word);
            if (!allowed) {
                return "block " + HeapState.hex(cell.pointer()) + " +" + word * 8 + " holds "
                        + HeapState.hex(now.word(word)) + " instead of " + HeapState.hex(cell.word(word));
            }
        }
        torn.put(cell.pointer(), now);
        return "";
    }
}
