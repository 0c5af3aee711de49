// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.SplittableRandom;

/// Random choices of tests: the seed is printed, and given back with `-Dbtd.seed` it replays them.
final class Seed {
    private Seed() {}

    /// A generator whose seed was printed.
    static SplittableRandom roll() {
        String given = System.getProperty("btd.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("seed: btd.seed=" + seed);
        return new SplittableRandom(seed);
    }

    /// Whether the long forms run.
    static boolean deep() {
        return Boolean.getBoolean("btd.deep");
    }
}
