// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.pmem.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The block sizes superblocks are made of. Immutable; one table per unit size.
///
/// Sizes go by 16 bytes up to 128 and by eighths of a power of two above, up to half a unit (32 KiB). A
/// superblock spans one, two, four or eight units, as few as keep the loss in its tail small, and the block
/// size is stretched into the tail. So of a superblock at most 12.5 % is lost to rounding and tail together,
/// or 15 bytes a block. The numbering is persistent (run heads hold it): it follows from the unit size.
public final class SizeClasses {
    private static final Map<Integer, SizeClasses> BY_UNIT = new ConcurrentHashMap<>();
    private static final int STEP = Geometry.GRANULE;
    private static final int LINEAR_END = 128;
    static final int MAX_SPAN = 8;
    private static final int SHIFT = 40;

    private final int[] sizes;
    private final int[] spans;
    private final int[] counts;
    private final long[] magics;
    private final byte[] bySteps;
    private final int maxSize;

    private SizeClasses(int unitBytes) {
        List<int[]> classes = new ArrayList<>();
        int previous = 0;
        int limit = unitBytes / 2;
        for (int nominal = STEP; previous < limit; nominal = next(nominal)) {
            if (nominal <= previous) {
                continue;
            }
            int[] shape = shape(nominal, previous + 1, unitBytes, limit);
            classes.add(shape);
            previous = shape[0];
        }
        int n = classes.size();
        sizes = new int[n];
        spans = new int[n];
        counts = new int[n];
        magics = new long[n];
        for (int c = 0; c < n; c++) {
            sizes[c] = classes.get(c)[0];
            spans[c] = classes.get(c)[1];
            counts[c] = spans[c] * unitBytes / sizes[c];
            magics[c] = ((1L << SHIFT) + sizes[c] - 1) / sizes[c];
        }
        maxSize = limit;
        bySteps = new byte[limit / STEP + 1];
        int c = 0;
        for (int steps = 1; steps < bySteps.length; steps++) {
            while (sizes[c] < steps * STEP) {
                c++;
            }
            bySteps[steps] = (byte) c;
        }
    }

    private static int next(int nominal) {
        if (nominal < LINEAR_END) {
            return nominal + STEP;
        }
        return nominal + Integer.highestOneBit(nominal) / 8;
    }

    /// Size and span for requests from `smallest` to `nominal` bytes.
    private static int[] shape(int nominal, int smallest, int unitBytes, int limit) {
        int size = nominal;
        for (int span = 1; span <= MAX_SPAN; span *= 2) {
            int bytes = span * unitBytes;
            int count = bytes / nominal;
            size = Math.min(limit, bytes / count / STEP * STEP);
            boolean littleLost = (long) count * smallest * 8 >= (long) bytes * 7;
            if (littleLost || nominal <= LINEAR_END) {
                return new int[] {size, span};
            }
        }
        return new int[] {size, MAX_SPAN};
    }

    /// The table of an arena.
    public static SizeClasses of(Geometry geometry) {
        return BY_UNIT.computeIfAbsent(geometry.unitBytes(), SizeClasses::new);
    }

    /// How many classes there are.
    public int count() {
        return sizes.length;
    }

    /// The largest size that a superblock serves, in bytes.
    public int maxSize() {
        return maxSize;
    }

    /// The class for a request of 1 to [#maxSize] bytes.
    public int classOf(long size) {
        return bySteps[(int) (size + STEP - 1 >>> 4)];
    }

    /// The class whose blocks are aligned to `alignment` and hold `size` bytes, or -1.
    public int classOf(long size, int alignment) {
        if (alignment <= STEP) {
            return size <= maxSize ? classOf(size) : -1;
        }
        for (int c = classOf(Math.min(size, maxSize)); c < sizes.length && size <= maxSize; c++) {
            if (sizes[c] % alignment == 0) {
                return c;
            }
        }
        return -1;
    }

    /// Block size in bytes.
    public int size(int sizeClass) {
        return sizes[sizeClass];
    }

    /// Units of a superblock.
    public int span(int sizeClass) {
        return spans[sizeClass];
    }

    /// Blocks of a superblock.
    public int blocks(int sizeClass) {
        return counts[sizeClass];
    }

    /// The reciprocal with which [#divide] divides by the block size.
    long magic(int sizeClass) {
        return magics[sizeClass];
    }

    /// `offset / size` for offsets within a superblock.
    static int divide(long offset, long magic) {
        return (int) (offset * magic >>> SHIFT);
    }

    /// The index of the block that contains byte `offset` of a superblock.
    public int indexOf(long offset, int sizeClass) {
        return divide(offset, magics[sizeClass]);
    }
}
