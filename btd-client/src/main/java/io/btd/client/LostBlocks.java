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

    /// This client may use the block. What is left of a lost block that overlaps it stays lost: the memory may have
    /// been divided otherwise since, and the rest be somebody else's.
    ///
    /// @param size in bytes as asked for, 0 when it is not known
    void regained(long block, long size) {
        if (ends.isEmpty()) {
            return;
        }
        long end = block + Math.max(size, GlobalPointer.ALIGNMENT);
        Map.Entry<Long, Long> below = ends.lowerEntry(block);
        Map.Entry<Long, Long> last = ends.lowerEntry(end);
        if (last == null || last.getValue() <= block) {
            return;
        }
        ends.subMap(block, end).clear();
        if (below != null && below.getValue() > block) {
            ends.put(below.getKey(), block);
        }
        // A block may be used to the end of its size class, which is not known here, but not far away.
        long behind = end + Math.max(GlobalPointer.ALIGNMENT, size / 4) & -GlobalPointer.ALIGNMENT;
        if (size > 0 && last.getValue() > behind) {
            ends.put(behind, last.getValue());
        }
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
