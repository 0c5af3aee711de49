// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds a simpler script that fails as well: takes steps out, the long stretches first, then makes those that are left
/// plainer, as long as something is still wrong. What the crash itself loses is made small where it is found.
final class Shrinker {
    private final PersistenceDomain domain;
    private final Opening opening;
    private final boolean ruling;

    Shrinker(PersistenceDomain domain, Opening opening) {
        this(domain, opening, true);
    }

    private Shrinker(PersistenceDomain domain, Opening opening, boolean ruling) {
        this.domain = domain;
        this.opening = opening;
        this.ruling = ruling;
    }

    /// One that leaves the rules out: what fails then fails when it is recovered.
    Shrinker withoutRules() {
        return new Shrinker(domain, opening, false);
    }

    Violation shrink(Violation violation) {
        Violation best = violation;
        Violation shorter = shorter(best);
        while (shorter.script().steps().size() < best.script().steps().size()) {
            best = plainer(shorter);
            shorter = shorter(best);
        }
        return plainer(shorter);
    }

    private Violation shorter(Violation violation) {
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

    /// Without a second thread, at the first place, of the first variant, on the plainest arena, where that fails too.
    private Violation plainer(Violation violation) {
        Violation best = violation;
        for (Script plainer : List.of(
                best.script().on(false, best.script().node()), best.script().on(false, false))) {
            best = plainer.equals(best.script()) ? best : orElse(replay(plainer), best);
        }
        for (int i = 0; i < best.script().steps().size(); i++) {
            for (Step step : plainer(best.script().steps().get(i))) {
                best = orElse(replay(best.script().with(i, step)), best);
            }
        }
        return best;
    }

    private static Set<Step> plainer(Step step) {
        int variant = step.argument() % step.operation().variants();
        Set<Step> plainer = new LinkedHashSet<>();
        plainer.add(new Step(step.operation(), step.argument(), false));
        plainer.add(new Step(step.operation(), variant, step.elsewhere()));
        plainer.add(new Step(step.operation(), variant, false));
        plainer.add(new Step(step.operation(), 0, false));
        plainer.remove(step);
        return plainer;
    }

    private static Violation orElse(@Nullable Violation some, Violation other) {
        return some == null ? other : some;
    }

    /// Runs one script in a search of its own.
    @Nullable
    Violation replay(Script script) {
        return replay(script, false);
    }

    /// As [#replay(Script)].
    ///
    /// @param explained whether to note who stores, for a report
    @Nullable
    Violation replay(Script script, boolean explained) {
        try (Exploration exploration = new Exploration(domain, 0, opening, () -> false)) {
            if (explained) {
                exploration.explain();
            }
            if (!ruling) {
                exploration.withoutRules();
            }
            return exploration.run(script);
        }
    }
}
