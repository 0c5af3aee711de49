// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdCluster;
import io.btd.gc.Recovery;
import io.btd.heap.Decision;
import io.btd.heap.Heap;
import io.btd.heap.SessionRecord;
import io.btd.heap.SessionTable;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Medium;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The heap of a cluster's node: what its sessions hold outlives a crash. Confined to the program's threads.
final class NodeUnderTest {
    private final ArenaFile arena;
    private final Recovery.Opened opened;
    private final BtdCluster calls;

    private NodeUnderTest(ArenaFile arena, boolean zeroOnFree) {
        this.arena = arena;
        opened = Recovery.open(arena, zeroOnFree);
        calls = EmbeddedCluster.over(opened.heap(), opened.report());
    }

    static NodeUnderTest open(Medium medium, boolean zeroOnFree) {
        return new NodeUnderTest(ArenaFile.open(medium), zeroOnFree);
    }

    /// The calls that need no session.
    BtdCluster calls() {
        return calls;
    }

    Heap heap() {
        return opened.heap();
    }

    SessionTable sessions() {
        return opened.sessions();
    }

    /// The ids of the sessions that are open.
    SortedSet<Long> ids() {
        return opened.sessions().sessions().stream()
                .map(SessionRecord::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Blocks without a known holder that opening the arena kept.
    long keptAtOpen() {
        Decision decision = opened.decision();
        return decision == null ? 0 : decision.keptBlocks();
    }

    /// Shuts the node down; sessions that are open go on.
    void close() {
        heap().close(!opened.sessions().sessions().isEmpty()).ifPresent(arena::markClosed);
    }
}
