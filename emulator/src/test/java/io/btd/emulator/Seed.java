// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator;

import java.util.concurrent.ThreadLocalRandom;

/// The seed of a test: the property `btd.seed`, or any; printed, so that it can be given again.
public final class Seed {
    private Seed() {}

    /// The seed; `test` is whose.
    public static long ofTest(String test) {
        String given = System.getProperty("btd.seed", "");
        long seed = given.isBlank() ? ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) : number(given);
        System.out.println(test + ": seed=" + seed);
        return seed;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return text.hashCode();
        }
    }

    /// Whether tests take their time.
    public static boolean deep() {
        return Boolean.getBoolean("btd.deep");
    }
}
