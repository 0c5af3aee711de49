// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.Arrays;
import java.util.List;

/// The steps that short scripts are made of, exhaustively.
final class Alphabet {
    private static final List<Step> STEPS = Arrays.stream(
                    ("small:0 small:1 small:2 small:6 small:8 large:0 put:0 put:1 remove:0 once:0 link:0 unlink:0 replace:1 free:0"
                                    + " copy:0 copy:1 copy:3 copy:4 copy:5 move:0 write:1 cas:1 add:0 reopen:0 crash:0 ~put:0 ~link:0 ~add:0")
                            .split(" "))
            .map(Step::parse)
            .toList();

    private Alphabet() {}

    /// How many scripts of `length` steps there are.
    static long count(int length) {
        long count = 1;
        for (int i = 0; i < length; i++) {
            count *= STEPS.size();
        }
        return count;
    }

    /// Script `number` of `length` steps.
    static Script script(int length, long number) {
        Step[] steps = new Step[length];
        long rest = number;
        for (int i = length - 1; i >= 0; i--) {
            steps[i] = STEPS.get((int) (rest % STEPS.size()));
            rest /= STEPS.size();
        }
        return new Script(Arrays.asList(steps), false, false, 1);
    }

    /// The number of the next script of `length` steps that does not begin with the first `applied` + 1
    /// steps of script `number`: where a step does not apply, nothing behind it is worth trying.
    static long skip(int length, long number, int applied) {
        long block = count(length - Math.min(length, applied + 1));
        return (number / block + 1) * block;
    }
}
