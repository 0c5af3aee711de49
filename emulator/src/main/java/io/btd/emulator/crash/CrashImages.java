// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which of the possible images of a crash point are looked at: all of them where they are few. Otherwise none
/// and all, and how the lines that were *read* then combine, for what nobody reads cannot matter: all
/// combinations where those are few; every pair of lines in each of its four ways, one line only, all but one
/// line, one line up to one of its groups; and random cuts.
///
/// A smaller effort looks at some of the images of a larger one, so that what it finds is found again.
final class CrashImages {

    /// How hard to look.
    ///
    /// @param product how many images are few enough to look at each
    /// @param whole whether they are then looked at
    /// @param lines of how many lines "only this one" and "all but this one" are looked at
    /// @param random how many random cuts
    record Effort(int product, boolean whole, int lines, int random) {
        static final Effort FULL = new Effort(48, true, 12, 6);
        /// For points like many before.
        static final Effort LIGHT = new Effort(48, false, 0, 3);
        static final Effort NESTED = new Effort(6, true, 1, 2);
    }

    /// Looks at one image.
    interface Look {
        /// Says whether to go on. Where `reads` is there, what is read of the image is noted in it.
        boolean at(Cut cut, @Nullable BitSet reads);
    }

    private final PendingLines model;
    private final Cut cut;
    private final BitSet reads = new BitSet();
    private final List<Integer> relevant = new ArrayList<>();

    CrashImages(PendingLines model, Cut cut) {
        this.model = model;
        this.cut = cut;
    }

    /// Shapes the cut into one image after the other until `look` returns false; says whether all were seen.
    boolean forEach(Effort effort, long seed, Look look) {
        Predicate<Cut> plain = image -> look.at(image, null);
        SplittableRandom pairs = new SplittableRandom(seed);
        SplittableRandom singles = pairs.split();
        SplittableRandom randoms = pairs.split();
        SplittableRandom prefixes = pairs.split();
        cut.none();
        if (few(effort.product, false)) {
            return effort.whole ? product(plain, false) : look.at(cut, null) && lightly(effort, randoms, plain);
        }
        reads.clear();
        if (!look.at(cut, reads)) {
            return false;
        }
        cut.all();
        if (!look.at(cut, reads)) {
            return false;
        }
        chooseRelevant();
        boolean fewRelevant = few(effort.product, true);
        if (fewRelevant && effort.whole) {
            cut.none();
            if (!product(plain, true)) {
                return false;
            }
        }
        return pairwise(pairs, plain)
                && (fewRelevant || singles(effort, singles, plain) && prefixes(effort, prefixes, plain))
                && randoms(effort, randoms, plain);
    }

    private boolean lightly(Effort effort, SplittableRandom randoms, Predicate<Cut> look) {
        cut.all();
        return look.test(cut) && randoms(effort, randoms, look);
    }

    private void chooseRelevant() {
        relevant.clear();
        for (int line = 0; line < cut.lines(); line++) {
            if (model.anyIn(cut.line(line), reads)) {
                relevant.add(line);
            }
        }
    }

    private boolean few(int cap, boolean onlyRelevant) {
        long product = 1;
        int count = onlyRelevant ? relevant.size() : cut.lines();
        for (int i = 0; i < count && product <= cap; i++) {
            product *= cut.variants(onlyRelevant ? relevant.get(i) : i, cap + 1);
        }
        return product <= cap;
    }

    private boolean product(Predicate<Cut> look, boolean onlyRelevant) {
        do {
            if (!look.test(cut)) {
                return false;
            }
        } while (onlyRelevant ? cut.next(relevant::contains) : cut.next());
        return true;
    }

    /// Row k and its opposite tell the lines apart whose numbers differ in bit k: two lines differ in one bit
    /// at least, so with none and all each pair is seen in its four ways. What is not relevant is left to
    /// chance.
    private boolean pairwise(SplittableRandom random, Predicate<Cut> look) {
        for (int bit = 1; bit < relevant.size(); bit <<= 1) {
            for (int opposite = 0; opposite < 2; opposite++) {
                any(cut, random);
                for (int i = 0; i < relevant.size(); i++) {
                    if (((i & bit) != 0) == (opposite == 0)) {
                        cut.all(relevant.get(i));
                    } else {
                        cut.none(relevant.get(i));
                    }
                }
                if (!look.test(cut)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean singles(Effort effort, SplittableRandom random, Predicate<Cut> look) {
        int lines = relevant.size();
        for (int i = 0; i < Math.min(lines, effort.lines); i++) {
            int line = relevant.get(lines <= effort.lines ? i : random.nextInt(lines));
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

    /// One line as far as one of its groups, the others by chance: what tells apart units with many stores.
    private boolean prefixes(Effort effort, SplittableRandom random, Predicate<Cut> look) {
        for (int i = 0; i < relevant.size() * effort.lines && i < 2 * effort.lines; i++) {
            int line = relevant.get(random.nextInt(relevant.size()));
            int groups = cut.line(line).groupCount();
            if (groups < 2) {
                continue;
            }
            any(cut, random);
            cut.upTo(line, random.nextInt(1, groups));
            if (!look.test(cut)) {
                return false;
            }
        }
        return true;
    }

    private boolean randoms(Effort effort, SplittableRandom random, Predicate<Cut> look) {
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
