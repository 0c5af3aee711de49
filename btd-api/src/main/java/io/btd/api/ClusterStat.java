// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.util.List;
import java.util.stream.Stream;

/// What a cluster has and what is in use: a snapshot, exact when nobody allocates meanwhile. The sums leave out
/// nodes that are down.
///
/// @param nodes every member, by id
/// @param localCalls calls of this client that its own machine served (in this process, or by a node on the
///     same host)
/// @param remoteCalls calls of this client that another machine served
public record ClusterStat(List<NodeStat> nodes, long localCalls, long remoteCalls) {

    /// Copies the list.
    public ClusterStat {
        nodes = List.copyOf(nodes);
    }

    /// Every arena that could be asked, by node and id.
    public List<ArenaStat> arenas() {
        return arenaStream().toList();
    }

    private Stream<ArenaStat> arenaStream() {
        return nodes.stream().flatMap(node -> node.arenas().stream());
    }

    /// Blocks allocated and not freed.
    public long liveBlocks() {
        return arenaStream().mapToLong(ArenaStat::liveBlocks).sum();
    }

    /// Bytes the allocated blocks occupy.
    public long liveBytes() {
        return arenaStream().mapToLong(ArenaStat::liveBytes).sum();
    }

    /// Bytes of memory the arenas may use.
    public long capacity() {
        return arenaStream().mapToLong(ArenaStat::capacity).sum();
    }

    /// Bytes of pages taken out of the capacity.
    public long pagesInUse() {
        return arenaStream().mapToLong(ArenaStat::pagesInUse).sum();
    }

    /// Views that pin a block right now.
    public int openViews() {
        return arenaStream().mapToInt(ArenaStat::openViews).sum();
    }

    /// Frees that were refused since the arenas were opened.
    public long illegalFrees() {
        return arenaStream().mapToLong(ArenaStat::illegalFrees).sum();
    }
}
