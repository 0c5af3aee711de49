// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import java.util.List;

/// Counts allocated blocks by walking the volatile truth.
final class HeapCount {
    private HeapCount() {}

    static List<ClassCount> of(Superblocks superblocks, LargeObjects larges, SizeClasses classes) {
        ClassTally tally = new ClassTally(classes);
        superblocks.forEach(superblock -> tally.addSmall(superblock.sizeClass, superblock.allocated()));
        for (LargeObject large : larges.all()) {
            if ((large.state() & Superblock.LIVE) != 0) {
                tally.addLarge(larges.bytes(large));
            }
        }
        return tally.counts();
    }
}
