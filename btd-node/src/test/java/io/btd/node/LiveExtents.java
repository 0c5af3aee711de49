// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.GlobalPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What is live according to those who were given it: a block is, from when its owner says so until somebody is told
/// to free it. No byte may be live twice. Not thread-safe.
final class LiveExtents {
    private static final int DRAWS = 64;

    private final TreeMap<Long, Block> byAddress = new TreeMap<>();
    private final List<Block> inNoOrder = new ArrayList<>();

    /// A block that one process allocated.
    ///
    /// @param size as asked for, in bytes
    /// @param owner number of the process
    record Block(long pointer, long size, long tag, int owner) {
        @Override
        public String toString() {
            return "pointer=" + GlobalPointer.toString(pointer) + ", size=" + size + ", owner=" + owner;
        }
    }

    /// @throws AssertionError when a byte of it is live already
    void add(Block block) {
        Map.Entry<Long, Block> before = byAddress.lowerEntry(block.pointer() + block.size());
        if (before != null && before.getKey() + before.getValue().size() > block.pointer()) {
            throw new AssertionError("live twice: " + before.getValue() + ", and: " + block);
        }
        byAddress.put(block.pointer(), block);
        inNoOrder.add(block);
    }

    /// Takes one of those that `mayBeTaken`, at random; none where a number of draws found none.
    Optional<Block> take(SplittableRandom random, Predicate<Block> mayBeTaken) {
        for (int draw = 0; draw < DRAWS && !inNoOrder.isEmpty(); draw++) {
            int place = random.nextInt(inNoOrder.size());
            Block block = inNoOrder.get(place);
            if (mayBeTaken.test(block)) {
                inNoOrder.set(place, inNoOrder.getLast());
                inNoOrder.removeLast();
                byAddress.remove(block.pointer());
                return Optional.of(block);
            }
        }
        return Optional.empty();
    }

    /// Forgets what a process owned that is no more.
    void forgetAllOf(int owner) {
        byAddress.values().removeIf(block -> block.owner() == owner);
        inNoOrder.removeIf(block -> block.owner() == owner);
    }

    int size() {
        return inNoOrder.size();
    }
}
