// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.SplittableRandom;
import java.util.function.Predicate;

/// Which of the possible images of a crash point are looked at: all of them where they are few; otherwise
/// none, all, one line only, all but one line, and random cuts.
final class CrashImages {

    /// How hard to look.
    ///
    /// @param product how many images are few enough to look at each
    /// @param lines of how many lines "only this one" and "all but this one" are looked at
    /// @param random how many random cuts
    record Effort(int product, int lines, int random) {
        static final Effort FULL = new Effort(48, 12, 6);
        static final Effort NESTED = new Effort(6, 1, 2);
    }

    private CrashImages() {}

    /// Shapes `cut` into one image after the other until `look` returns false; says whether all were seen.
    static boolean forEach(Cut cut, Effort effort, SplittableRandom random, Predicate<Cut> look) {
        cut.none();
        if (few(cut, effort.product)) {
            do {
                if (!look.test(cut)) {
                    return false;
                }
            } while (cut.next());
            return true;
        }
        if (!look.test(cut)) {
            return false;
        }
        cut.all();
        return look.test(cut) && singles(cut, effort, random, look) && randoms(cut, effort, random, look);
    }

    private static boolean few(Cut cut, int cap) {
        long product = 1;
        for (int line = 0; line < cut.lines() && product <= cap; line++) {
            product *= cut.variants(line, cap + 1);
        }
        return product <= cap;
    }

    private static boolean singles(Cut cut, Effort effort, SplittableRandom random, Predicate<Cut> look) {
        int lines = cut.lines();
        for (int i = 0; i < Math.min(lines, effort.lines); i++) {
            int line = lines <= effort.lines ? i : random.nextInt(lines);
            cut.none();
            cut.all(line);
            if (!look.test(cut)) {
                return false;
            }
            cut.all();
            cut.none(line);
            if (!look.test(cut)) {
                return false;
            }
        }
        return true;
    }

    private static boolean randoms(Cut cut, Effort effort, SplittableRandom random, Predicate<Cut> look) {
        for (int i = 0; i < effort.random; i++) {
            any(cut, random);
            if (!look.test(cut)) {
                return false;
            }
        }
        return true;
    }

    /// One random cut: each line not at all, wholly or somewhere between.
    static void any(Cut cut, SplittableRandom random) {
        cut.none();
        for (int line = 0; line < cut.lines(); line++) {
            switch (random.nextInt(3)) {
                case 0 -> cut.none(line);
                case 1 -> cut.all(line);
                default -> cut.random(line, random);
            }
        }
    }
}
