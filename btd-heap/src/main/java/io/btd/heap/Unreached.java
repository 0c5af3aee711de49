// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What marking left open: bitmaps say which blocks of superblocks are reachable; this says the rest.
///
/// @param larges first pages of the large objects that are not reachable
/// @param inUse after an orderly close, which still knew: the bitmaps of superblocks as they were, by first page;
///     empty after a crash
/// @param before blocks per size class that were in use, as far as the medium knew
public record Unreached(Set<Long> larges, Map<Long, long[]> inUse, List<ClassCount> before) {

    /// Copies the collections.
    public Unreached {
        larges = Set.copyOf(larges);
        inUse = Map.copyOf(inUse);
        before = List.copyOf(before);
    }
}
