// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts blocks per size class; large objects count as size 0. Thread-safe.
final class ClassTally {
    private final SizeClasses classes;
    private final AtomicLongArray blocks;
    private final AtomicLong largeBlocks = new AtomicLong();
    private final AtomicLong largeBytes = new AtomicLong();

    ClassTally(SizeClasses classes) {
        this.classes = classes;
        this.blocks = new AtomicLongArray(classes.count());
    }

    void addSmall(int sizeClass, long count) {
        blocks.addAndGet(sizeClass, count);
    }

    void addLarge(long bytes) {
        largeBlocks.incrementAndGet();
        largeBytes.addAndGet(bytes);
    }

    void add(ClassTally other) {
        for (int c = 0; c < blocks.length(); c++) {
            addSmall(c, other.blocks.get(c));
        }
        largeBlocks.addAndGet(other.largeBlocks.get());
        largeBytes.addAndGet(other.largeBytes.get());
    }

    /// The classes that have any.
    List<ClassCount> counts() {
        List<ClassCount> counts = new ArrayList<>();
        for (int c = 0; c < blocks.length(); c++) {
            long number = blocks.get(c);
            if (number > 0) {
                counts.add(new ClassCount(classes.size(c), number, number * classes.size(c)));
            }
        }
        if (largeBlocks.get() > 0) {
            counts.add(new ClassCount(0, largeBlocks.get(), largeBytes.get()));
        }
        return counts;
    }

    /// What `all` has beyond this, class by class; never below nothing.
    List<ClassCount> missingOf(List<ClassCount> all) {
        List<ClassCount> mine = counts();
        List<ClassCount> missing = new ArrayList<>();
        for (ClassCount count : all) {
            long more = count.blocks();
            long bytes = count.bytes();
            for (ClassCount own : mine) {
                more -= own.blockSize() == count.blockSize() ? own.blocks() : 0;
                bytes -= own.blockSize() == count.blockSize() ? own.bytes() : 0;
            }
            if (more > 0) {
                missing.add(new ClassCount(count.blockSize(), more, Math.max(0, bytes)));
            }
        }
        return missing;
    }
}
