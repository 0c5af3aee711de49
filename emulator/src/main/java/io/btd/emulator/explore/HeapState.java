// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.emulator.crash.ImageHash;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/// What a crash must leave: the roots and everything reachable from them. Immutable.
///
/// @param formatted whether there is an arena at all
/// @param names the named roots
/// @param slots the set-once slots that are set
/// @param cells the reachable blocks, by pointer
/// @param holdings what sessions may declare, and what else a node promises
/// @param strays how many unreachable blocks a clean close may have kept; a recovery keeps none
record HeapState(
        boolean formatted,
        SortedMap<String, Long> names,
        SortedMap<Integer, Long> slots,
        Map<Long, Cell> cells,
        Holdings holdings,
        int strays,
        long hash) {

    /// Of a cluster's node.
    ///
    /// @param node whether it is one
    /// @param sessions ids of the sessions that are open
    /// @param held the blocks that they hold
    /// @param exported blocks whose runs are exported
    record Holdings(boolean node, SortedSet<Long> sessions, Map<Long, Cell> held, Set<Long> exported) {
        private long hash() {
            long hash = (node ? 29 : 0) + 17L * sessions.hashCode() + 19L * exported.hashCode();
            for (Cell cell : held.values()) {
                hash += ImageHash.mix(cell.hash() + 23);
            }
            return hash;
        }
    }

    /// The blocks that sessions hold.
    Map<Long, Cell> held() {
        return holdings.held();
    }

    static HeapState of(
            boolean formatted,
            SortedMap<String, Long> names,
            SortedMap<Integer, Long> slots,
            Map<Long, Cell> cells,
            Holdings holdings,
            int strays) {
        long hash = (formatted ? 1 : 2) + 31L * strays + holdings.hash();
        for (Map.Entry<String, Long> name : names.entrySet()) {
            hash += ImageHash.mix(name.getKey().hashCode() + 7 * ImageHash.mix(name.getValue()));
        }
        for (Map.Entry<Integer, Long> slot : slots.entrySet()) {
            hash += ImageHash.mix(slot.getKey() + 100 + 5 * ImageHash.mix(slot.getValue()));
        }
        for (Cell cell : cells.values()) {
            hash += ImageHash.mix(cell.hash());
        }
        return new HeapState(formatted, names, slots, cells, holdings, strays, hash);
    }

    /// For people: the roots and how much hangs on them.
    @Override
    public String toString() {
        if (!formatted) {
            return "no arena yet";
        }
        StringBuilder text = new StringBuilder();
        names.forEach((name, to) ->
                text.append(short_(name)).append("->").append(hex(to)).append(' '));
        slots.forEach((slot, to) ->
                text.append("slot").append(slot).append("->").append(hex(to)).append(' '));
        holdings.sessions().forEach(id -> text.append("session").append(id).append(' '));
        holdings.exported()
                .forEach(to -> text.append("exported ").append(hex(to)).append(' '));
        for (Cell cell : held().values()) {
            text.append("held ").append(hex(cell.pointer())).append(' ');
        }
        for (Cell cell : cells.values()) {
            text.append('{')
                    .append(hex(cell.pointer()))
                    .append(' ')
                    .append(cell.kind())
                    .append(' ')
                    .append(cell.content().length)
                    .append(" B} ");
        }
        return text.isEmpty() ? "nothing" : text.toString().strip();
    }

    private static String short_(String name) {
        return name.length() <= 12 ? name : name.substring(0, 8) + "...";
    }

    static String hex(long pointer) {
        return "0x" + Long.toHexString(pointer);
    }
}
