// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import org.jspecify.annotations.Nullable;

/// Finds a shorter script that fails as well: takes steps out, the long stretches first, as long as
/// something is still wrong.
final class Shrinker {
    private final PersistenceDomain domain;
    private final Opening opening;

    Shrinker(PersistenceDomain domain, Opening opening) {
        this.domain = domain;
        this.opening = opening;
    }

    Violation shrink(Violation violation) {
        Violation best = violation;
        for (int stretch = best.script().steps().size() / 2; stretch >= 1; ) {
            Violation shorter = without(best, stretch);
            if (shorter == null) {
                stretch /= 2;
            } else {
                best = shorter;
            }
        }
        return best;
    }

    private @Nullable Violation without(Violation violation, int stretch) {
        int size = violation.script().steps().size();
        for (int from = size - stretch; from >= 0; from--) {
            Violation shorter = replay(violation.script().without(from, from + stretch));
            if (shorter != null) {
                return shorter;
            }
        }
        return null;
    }

    /// Runs one script in a search of its own.
    @Nullable
    Violation replay(Script script) {
        try (Exploration exploration = new Exploration(domain, 0, opening, () -> false)) {
            return exploration.run(script);
        }
    }
}
