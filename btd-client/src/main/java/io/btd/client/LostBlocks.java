// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException.SessionLost;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.Request;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Blocks that a session held when it was lost. Somebody else may have them by now, so calls about them are
/// refused, until the node gives the memory to this client again, or the block is met in the cluster's memory:
/// then it is alive. Thread-safe; empty, and cheap, in the life of most clients.
final class LostBlocks {
    private final ConcurrentSkipListMap<Long, Long> ends = new ConcurrentSkipListMap<>();

    /// It was held by a session that is lost.
    void add(long block, long size) {
        ends.put(block, block + Math.max(size, GlobalPointer.ALIGNMENT));
    }

    /// This client may use the block.
    void regained(long block, long size) {
        if (ends.isEmpty()) {
            return;
        }
        Map.Entry<Long, Long> below = ends.lowerEntry(block);
        if (below != null && below.getValue() > block) {
            ends.remove(below.getKey());
        }
        ends.subMap(block, block + Math.max(size, GlobalPointer.ALIGNMENT)).clear();
    }

    /// Whether an address lies in a lost block.
    boolean has(long address) {
        Map.Entry<Long, Long> below = ends.isEmpty() ? null : ends.floorEntry(address);
        return below != null && address < below.getValue();
    }

    /// Checks that a request is about none of them.
    ///
    /// @throws SessionLost naming the first that it is about
    void check(int node, Request request) {
        if (!ends.isEmpty()) {
            Blocks.of(request, address -> check(node, address));
        }
    }

    private void check(int node, long address) {
        if (has(address)) {
            throw new SessionLost(
                    node,
                    "block was held by a session that ended: pointer=" + GlobalPointer.toString(address),
                    "allocate it anew; publish what must outlive the client");
        }
    }
}
