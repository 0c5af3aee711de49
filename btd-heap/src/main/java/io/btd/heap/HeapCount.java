// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import java.util.ArrayList;
import java.util.List;

/// Counts allocated blocks by walking the volatile truth.
final class HeapCount {
    private HeapCount() {}

    static List<ClassCount> of(Superblocks superblocks, LargeObjects larges, SizeClasses classes) {
        long[] blocks = new long[classes.count()];
        superblocks.forEach(superblock -> blocks[superblock.sizeClass] += superblock.allocated());
        List<ClassCount> counts = new ArrayList<>();
        for (int c = 0; c < blocks.length; c++) {
            if (blocks[c] > 0) {
                counts.add(new ClassCount(classes.size(c), blocks[c], blocks[c] * classes.size(c)));
            }
        }
        long number = 0;
        long bytes = 0;
        for (LargeObject large : larges.all()) {
            if ((large.state() & Superblock.LIVE) != 0) {
                number++;
                bytes += larges.bytes(large);
            }
        }
        if (number > 0) {
            counts.add(new ClassCount(0, number, bytes));
        }
        return counts;
    }
}
