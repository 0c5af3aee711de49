// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.pmem.Geometry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One thread's magazines, or those that virtual threads share (a stripe). Everything here is *rebuilt*: it
/// does not outlive the process.
///
/// A platform thread's own heap is touched by that thread only; after its death, by whoever takes it out of
/// [ThreadHeaps]. A stripe is used under its lock.
final class ThreadHeap {
    /// Blocks a magazine holds at most.
    static final int CAPACITY = 64;
    /// Requests up to this many bytes find their magazine without looking up a size class.
    static final int DIRECT_MAX = 1024;
    /// Bytes a magazine aims to hold at most, so that large classes cache few blocks.
    private static final int BYTES = 64 * 1024;
    private static final int DIRECT_STEPS = DIRECT_MAX / Geometry.GRANULE;

    private static final VarHandle DEPTH;

    static {
        try {
            DEPTH = MethodHandles.lookup().findVarHandle(ThreadHeap.class, "depth", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Blocks of one bin: last in, first out.
    static final class Magazine {
        final long[] blocks = new long[CAPACITY];
        final int limit;
        final int blockSize;
        int count;

        @Nullable
        Superblock current;

        /// The superblock that a block was taken from last.
        @Nullable
        Superblock recent;

        Magazine(int blockSize) {
            this.blockSize = blockSize;
            limit = Math.clamp(BYTES / blockSize, 2, CAPACITY);
        }
    }

    final @Nullable Thread owner;
    final ReentrantLock lock = new ReentrantLock();
    /// Operations of virtual threads that run under this stripe without its lock.
    final AtomicInteger guests = new AtomicInteger();

    private int depth;

    @Nullable
    Magazine[] magazines = new Magazine[0];

    /// Magazines by kind and size, for small requests without a layout.
    final @Nullable Magazine[] direct = new Magazine[2 * DIRECT_STEPS];

    /// The superblock that a block was freed to last.
    @Nullable
    Superblock recent;

    ThreadHeap(@Nullable Thread owner) {
        this.owner = owner;
    }

    /// Where [#direct] holds the magazine for requests of 1 to [#DIRECT_MAX] bytes.
    static int directSlot(int kind, long size) {
        return kind * DIRECT_STEPS + (int) ((size - 1) / Geometry.GRANULE);
    }

    /// The magazine of a bin.
    Magazine magazine(int bin, int blockSize) {
        if (bin < magazines.length) {
            Magazine magazine = magazines[bin];
            if (magazine != null) {
                return magazine;
            }
        }
        return newMagazine(bin, blockSize);
    }

    private Magazine newMagazine(int bin, int blockSize) {
        if (bin >= magazines.length) {
            magazines = Arrays.copyOf(magazines, Math.max(bin + 1, magazines.length * 2));
        }
        Magazine magazine = new Magazine(blockSize);
        magazines[bin] = magazine;
        return magazine;
    }

    // --- operations in progress, so that close can wait for them

    void begin() {
        DEPTH.setOpaque(this, depth + 1);
    }

    void end() {
        DEPTH.setRelease(this, depth - 1);
    }

    boolean busy() {
        return (int) DEPTH.getAcquire(this) != 0 || guests.get() != 0;
    }
}
