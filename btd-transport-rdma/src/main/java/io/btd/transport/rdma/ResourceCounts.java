// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// How many resources of each kind are open. Counted up after a resource was made and down after it was destroyed, so
/// that
/// all are zero if and only if nothing leaks. Safe for use by any thread.
public final class ResourceCounts {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(ResourceKind.values().length);

    /// Counts one that was made.
    public void opened(ResourceKind kind) {
        counts.incrementAndGet(kind.ordinal());
    }

    /// Counts one that was destroyed.
    public void closed(ResourceKind kind) {
        counts.decrementAndGet(kind.ordinal());
    }

    /// How many of a kind are open.
    public int open(ResourceKind kind) {
        return counts.get(kind.ordinal());
    }

    /// The kinds of which some are open, with how many; empty if nothing is.
    public Map<ResourceKind, Integer> open() {
        Map<ResourceKind, Integer> open = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            int count = open(kind);
            if (count != 0) {
                open.put(kind, count);
            }
        }
        return open;
    }

    @Override
    public String toString() {
        return open().toString();
    }
}
