// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.function.BooleanSupplier;

/// Finds out which losses a failure needs. What a random image lost besides is noise to whoever reads it: line by line
/// more is let through to the medium as long as the failure stays.
final class NeededLosses {
    private NeededLosses() {}

    /// Shapes `cut` to lose less, as long as `stillWrong` says so of it.
    static void reduce(Cut cut, BooleanSupplier stillWrong) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int line = 0; line < cut.lines(); line++) {
                changed |= cut.loses(line) && reduce(cut, line, stillWrong);
            }
        }
    }

    /// Says whether the line loses less now.
    private static boolean reduce(Cut cut, int line, BooleanSupplier stillWrong) {
        int groups = cut.groups(line);
        long mask = cut.mask(line);
        cut.all(line);
        if (stillWrong.getAsBoolean()) {
            return true;
        }
        for (int more = cut.groups(line) - 1; more > groups; more--) {
            cut.set(line, more, 0);
            if (stillWrong.getAsBoolean()) {
                return true;
            }
        }
        cut.set(line, groups, mask);
        return false;
    }
}
