// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.util.List;

/// Blocks of one size class, counted.
///
/// @param blockSize in bytes; 0 stands for large objects
/// @param blocks how many
/// @param bytes what they occupy together, in bytes
public record ClassCount(long blockSize, long blocks, long bytes) {

    /// These counts without `part` of the class that has its block size; a class that has none left is left out.
    public static List<ClassCount> without(List<ClassCount> counts, ClassCount part) {
        return counts.stream()
                .map(count -> count.blockSize() == part.blockSize()
                        ? new ClassCount(
                                count.blockSize(), count.blocks() - part.blocks(), count.bytes() - part.bytes())
                        : count)
                .filter(count -> count.blocks() > 0)
                .toList();
    }
}
