// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.Pinned;
import io.btd.api.GlobalPointer;
import io.btd.pmem.Interleaving;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Blocks with open views: they may not be freed. Pinning and freeing are a Dekker pair as in [InFlight].
/// Thread-safe.
final class Pins {
    private final Map<Long, Integer> byBlock = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    /// Pins the block at `base`; check for liveness afterwards.
    void pin(long base) {
        Interleaving.point();
        open.incrementAndGet();
        byBlock.merge(base, 1, Integer::sum);
    }

    /// Undoes one [#pin].
    void unpin(long base) {
        byBlock.computeIfPresent(base, (_, count) -> count == 1 ? null : count - 1);
        open.decrementAndGet();
    }

    /// Whether the block at `base` is pinned.
    boolean isPinned(long base) {
        Interleaving.point();
        return open.get() != 0 && byBlock.containsKey(base);
    }

    /// How many views are open.
    int open() {
        return open.get();
    }

    /// Refuses when the block of a pointer is pinned.
    void check(long pointer) {
        if (isPinned(GlobalPointer.offset(pointer))) {
            throw refusal(pointer);
        }
    }

    /// What refusing to free a pinned block says.
    static Pinned refusal(long pointer) {
        return new Pinned(
                pointer,
                "block is being viewed: pointer=" + GlobalPointer.toString(pointer),
                "close the view before freeing the block");
    }
}
