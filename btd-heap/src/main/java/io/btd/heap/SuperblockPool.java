// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.pmem.Interleaving;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The global heap: superblocks that nobody owns and that have free blocks, by bin. Lock-free.
///
/// A queue may hold superblocks that were retired meanwhile; they are dropped when they are met. Empty
/// superblocks are kept for reuse up to a bound, so that a program that swings around a boundary does not
/// ask the system for pages again and again.
final class SuperblockPool {
    private final Map<Integer, Queue<Superblock>> byBin = new ConcurrentHashMap<>();
    private final AtomicInteger keptUnits = new AtomicInteger();
    private final SizeClasses classes;
    private final int keepUnits;

    SuperblockPool(SizeClasses classes, int keepUnits) {
        this.classes = classes;
        this.keepUnits = keepUnits;
    }

    /// Lists a superblock whose status just became LISTED.
    void list(Superblock superblock) {
        Interleaving.point();
        byBin.computeIfAbsent(superblock.bin, _ -> new ConcurrentLinkedQueue<>())
                .add(superblock);
    }

    /// Takes one of a bin, or null; the caller owns it.
    @Nullable
    Superblock take(int bin) {
        Queue<Superblock> queue = byBin.get(bin);
        if (queue == null) {
            return null;
        }
        while (true) {
            Interleaving.point();
            Superblock superblock = queue.poll();
            if (superblock == null) {
                return null;
            }
            if (superblock.tryStatus(Superblock.LISTED, Superblock.OWNED)) {
                forgetKept(superblock);
                return superblock;
            }
        }
    }

    /// Whether [#take] would find a superblock of a bin.
    boolean has(int bin) {
        Queue<Superblock> queue = byBin.get(bin);
        return queue != null && queue.stream().anyMatch(superblock -> superblock.status() == Superblock.LISTED);
    }

    /// Drops retired superblocks from the head of a bin's queue.
    void dropRetired(int bin) {
        Queue<Superblock> queue = byBin.get(bin);
        while (queue != null) {
            Interleaving.point();
            Superblock first = queue.peek();
            if (first == null || first.status() != Superblock.RETIRING || !queue.remove(first)) {
                return;
            }
        }
    }

    /// Whether an empty superblock may be kept for reuse; counts it if so.
    boolean keep(Superblock superblock) {
        int units = classes.span(superblock.sizeClass);
        Interleaving.point();
        if (keptUnits.get() + units > keepUnits) {
            return false;
        }
        if (superblock.tryKeep()) {
            keptUnits.addAndGet(units);
        }
        return true;
    }

    /// Undoes [#keep], if it was kept.
    void forgetKept(Superblock superblock) {
        if (superblock.tryUnkeep()) {
            keptUnits.addAndGet(-classes.span(superblock.sizeClass));
        }
    }
}
