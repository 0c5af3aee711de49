// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.emulator.net.history.Outcome;
import io.btd.emulator.net.history.RecordedCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Allocates all that a node has, and gives it back. What it holds when it closes ends with its session. Not
/// thread-safe.
final class Glutton implements AutoCloseable {
    private static final long LARGEST = 1L << 20;
    private static final long SMALLEST = 1L << 12;

    private final RecordedCluster cluster;
    private final List<Integer> nodes;
    private final Map<Integer, List<Long>> eaten = new HashMap<>();

    Glutton(RecordedCluster cluster, List<Integer> nodes) {
        this.cluster = cluster;
        this.nodes = nodes;
    }

    /// Allocates until the node has nothing left, or refuses for another reason.
    void fill(int node) {
        List<Long> blocks = eaten.computeIfAbsent(node, ignored -> new ArrayList<>());
        int id = nodes.get(node);
        long size = LARGEST;
        while (size >= SMALLEST) {
            switch (cluster.malloc(size, Alloc.OPAQUE, (BtdCluster all) -> all.on(id))) {
                case Outcome.Done<Long>(Long block) -> blocks.add(block);
                case Outcome.Refused<Long>(BtdException why) when why instanceof BtdException.Full -> size /= 2;
                default -> {
                    return;
                }
            }
        }
    }

    /// Frees all of it that can be freed now; the rest ends with the session.
    void drain(int node) {
        List<Long> blocks = eaten.remove(node);
        if (blocks != null) {
            blocks.stream().filter(cluster::holds).forEach(cluster::free);
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
