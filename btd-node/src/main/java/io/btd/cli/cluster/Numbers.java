// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdException.InvalidConfig;

/// Checks of numbers on the command line.
final class Numbers {

    private Numbers() {}

    /// `number`, if it is within the range.
    ///
    /// @throws InvalidConfig if not
    static int within(String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw new InvalidConfig(
                    "value out of range: option=--" + option + ", value=" + number, "use " + least + ".." + most);
        }
        return number;
    }
}
