// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// How many resources of each kind are open. Counted up after a resource was made and down after it was destroyed, so
/// that
/// all are zero if and only if nothing leaks. Safe for use by any thread.
public final class ResourceCounts {
    private final Map<ResourceKind, AtomicInteger> counts = new EnumMap<>(ResourceKind.class);

    /// Nothing is open.
    public ResourceCounts() {
        for (ResourceKind kind : ResourceKind.values()) {
            counts.put(kind, new AtomicInteger());
        }
    }

    /// Counts one that was made.
    public void opened(ResourceKind kind) {
        count(kind).incrementAndGet();
    }

    /// Counts one that was destroyed.
    public void closed(ResourceKind kind) {
        count(kind).decrementAndGet();
    }

    /// How many of a kind are open.
    public int open(ResourceKind kind) {
        return count(kind).get();
    }

    private AtomicInteger count(ResourceKind kind) {
        return Objects.requireNonNull(counts.get(kind));
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
