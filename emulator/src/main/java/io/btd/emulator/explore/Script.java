// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// What a program does, and the seed of the choices it makes on the way.
///
/// @param zeroOnFree whether freed blocks are wiped
/// @param seed of the images it goes on from after a crash
record Script(List<Step> steps, boolean zeroOnFree, long seed) {
    private static final int SHORTEST = 4;
    private static final int LONGEST = 22;

    Script {
        steps = List.copyOf(steps);
    }

    static Script random(SplittableRandom random) {
        int length = random.nextInt(SHORTEST, LONGEST + 1);
        boolean alone = random.nextInt(3) != 0;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            steps.add(new Step(Operation.random(random), random.nextInt(64), !alone && random.nextInt(3) == 0));
        }
        return new Script(steps, random.nextInt(8) == 0, random.nextLong() >>> 1);
    }

    Script without(int from, int to) {
        List<Step> fewer = new ArrayList<>(steps);
        fewer.subList(from, to).clear();
        return new Script(fewer, zeroOnFree, seed);
    }

    /// Reads what [#token] writes.
    ///
    /// @throws IllegalArgumentException when it is none
    static Script parse(String token) {
        String[] parts = token.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a replay token: token=" + token);
        }
        List<Step> steps = parts[2].isEmpty()
                ? List.of()
                : Arrays.stream(parts[2].split(",")).map(Step::parse).toList();
        return new Script(steps, parts[1].equals("wipe"), Long.parseUnsignedLong(parts[0], 16));
    }

    /// One word that replays it.
    String token() {
        return Long.toHexString(seed) + "/" + (zeroOnFree ? "wipe" : "keep") + "/"
                + steps.stream().map(Step::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return (zeroOnFree ? "[zero-on-free] " : "")
                + steps.stream().map(Step::toString).collect(Collectors.joining(" "));
    }
}
