// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

/// Seeds of random choices: drawn and printed, or given by `-Dbtd.seed` to see the same again.
final class Seeds {
    private Seeds() {}

    static long next() {
        String given = System.getProperty("btd.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("seed: btd.seed=" + seed);
        return seed;
    }

    /// Whether the long forms run.
    static boolean deep() {
        return Boolean.getBoolean("btd.deep");
    }
}
