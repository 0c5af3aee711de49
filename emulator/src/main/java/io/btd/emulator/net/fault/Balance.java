// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.ArenaStat;
import io.btd.api.ClusterStat;
import io.btd.api.GlobalPointer;
import io.btd.api.NodeStat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What nodes may have allocated when nobody holds anything.
///
/// @param own per node, the blocks that it needs for itself, such as its table of sessions
/// @param keepers nodes that may keep more than that and what can be reached
record Balance(Map<Integer, Long> own, Set<Integer> keepers) {

    /// The live blocks of each node.
    static Map<Integer, Long> live(ClusterStat stat) {
        return stat.nodes().stream().collect(Collectors.toMap(NodeStat::node, Balance::live));
    }

    private static long live(NodeStat node) {
        return node.arenas().stream().mapToLong(ArenaStat::liveBlocks).sum();
    }

    /// What is wrong with a node, for people; empty for nothing.
    String wrong(NodeStat node, Set<Long> reached) {
        long published = reached.stream()
                .filter(block -> GlobalPointer.node(block) == node.node())
                .count();
        long excess = live(node) - own.getOrDefault(node.node(), 0L) - published;
        if (excess == 0 || excess > 0 && keepers.contains(node.node())) {
            return "";
        }
        return "what lives is not what is published: node=%d, excess=%d, published=%d, arenas=%s"
                .formatted(node.node(), excess, published, node.arenas());
    }
}
