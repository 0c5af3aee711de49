// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException.InvalidConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.curator.framework.recipes.cache.ChildData;

/// What the cluster's tree said at one moment. Immutable. An entry that cannot be read is left out, and logged.
///
/// @param members those with an arena, by id
/// @param homes the node of each part of the roots that is decided
/// @param leader the node that leads, or is about to; empty when there is none
record Snapshot(SortedMap<Integer, Member> members, Map<Integer, Integer> homes, OptionalInt leader) {
    private static final Logger LOG = System.getLogger(Snapshot.class.getName());
    private static final int SEQUENCE_DIGITS = 10;

    /// Copies the maps.
    Snapshot {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        homes = Map.copyOf(homes);
    }

    /// Takes apart what a cache of the tree holds.
    static Snapshot of(Tree tree, Iterable<ChildData> entries) {
        Map<Integer, NodeEntry> nodes = new HashMap<>();
        Map<Integer, LiveEntry> live = new HashMap<>();
        Map<Integer, Integer> homes = new HashMap<>();
        TreeMap<String, Integer> candidates = new TreeMap<>();
        for (ChildData entry : entries) {
            String path = entry.getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            int id = NodeEntries.id(name);
            try {
                if (Tree.isChild(tree.nodes(), path) && id > 0) {
                    nodes.put(id, NodeEntry.parse(path, entry.getData()));
                } else if (Tree.isChild(tree.live(), path) && id > 0) {
                    live.put(id, LiveEntry.parse(path, entry.getData()));
                } else if (Tree.isChild(tree.roots(), path)) {
                    home(path, name, entry.getData(), homes);
                } else if (Tree.isChild(tree.leader(), path) && name.length() > SEQUENCE_DIGITS) {
                    candidates.put(
                            name.substring(name.length() - SEQUENCE_DIGITS),
                            NodeEntries.id(new String(entry.getData(), StandardCharsets.UTF_8)));
                }
            } catch (InvalidConfig malformed) {
                LOG.log(Level.WARNING, "passed over: {0}", malformed.getMessage());
            }
        }
        OptionalInt leader = candidates.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(candidates.firstEntry().getValue());
        return new Snapshot(members(nodes, live), homes, leader);
    }

    private static void home(String path, String name, byte[] data, Map<Integer, Integer> homes) {
        String text = new String(data, StandardCharsets.UTF_8).strip();
        int node = NodeEntries.id(text);
        if (node == 0 || !name.matches("[0-9]{1,9}")) {
            throw Lines.malformed(path, "node=" + text);
        }
        homes.put(Integer.parseInt(name), node);
    }

    private static SortedMap<Integer, Member> members(Map<Integer, NodeEntry> nodes, Map<Integer, LiveEntry> live) {
        SortedMap<Integer, Member> members = new TreeMap<>();
        nodes.forEach((id, node) -> node.arena().ifPresent(arena -> {
            LiveEntry now = live.get(id);
            members.put(
                    id,
                    now != null && now.arena().equals(arena)
                            ? new Member(
                                    id,
                                    arena,
                                    now.host(),
                                    now.pid(),
                                    now.endpoints(),
                                    now.incarnation(),
                                    now.capacity(),
                                    now.available(),
                                    true)
                            : new Member(
                                    id,
                                    arena,
                                    node.host(),
                                    node.pid(),
                                    List.of(),
                                    node.incarnation(),
                                    node.capacity(),
                                    node.available(),
                                    false));
        }));
        return members;
    }

    /// The members that are live.
    List<Integer> live() {
        return members.values().stream().filter(Member::live).map(Member::node).toList();
    }
}
