// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import java.util.List;
import java.util.Set;

/// What marking left open: bitmaps say which blocks of superblocks are reachable; this says the rest.
///
/// @param larges first pages of the large objects that are not reachable
/// @param before blocks per size class that were in use, as far as the medium knew
public record Unreached(Set<Long> larges, List<ClassCount> before) {

    /// Copies both.
    public Unreached {
        larges = Set.copyOf(larges);
        before = List.copyOf(before);
    }
}
