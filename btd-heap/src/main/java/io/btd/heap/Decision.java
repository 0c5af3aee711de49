// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import java.util.List;

/// What became of the blocks that no root reached after a crash.
///
/// @param declared blocks per size class that sessions said they hold, and still had when it was decided
/// @param kept blocks per size class in runs that other nodes may refer to: allocated, their holder unknown
/// @param reclaimed blocks per size class that were in use and came back, as far as the medium knew
/// @param reclaimedPages bytes of whole pages that came back
public record Decision(
        List<ClassCount> declared, List<ClassCount> kept, List<ClassCount> reclaimed, long reclaimedPages) {

    /// Copies the lists.
    public Decision {
        declared = List.copyOf(declared);
        kept = List.copyOf(kept);
        reclaimed = List.copyOf(reclaimed);
    }

    /// How many blocks are allocated without a known holder.
    public long keptBlocks() {
        return kept.stream().mapToLong(ClassCount::blocks).sum();
    }
}
