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
/// @param node whether it runs on a cluster's node, whose sessions outlive a crash
/// @param seed of the images it goes on from after a crash
record Script(List<Step> steps, boolean zeroOnFree, boolean node, long seed) {
    private static final String WIPE = "wipe";
    private static final String NODE = "node";
    private static final int SHORTEST = 4;
    private static final int LONGEST = 22;

    Script {
        steps = List.copyOf(steps);
    }

    static Script random(SplittableRandom random) {
        int length = random.nextInt(SHORTEST, LONGEST + 1);
        boolean node = random.nextInt(3) == 0;
        boolean alone = random.nextInt(3) != 0;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            steps.add(new Step(Operation.random(random, node), random.nextInt(64), !alone && random.nextInt(3) == 0));
        }
        return new Script(steps, random.nextInt(8) == 0, node, random.nextLong() >>> 1);
    }

    Script without(int from, int to) {
        List<Step> fewer = new ArrayList<>(steps);
        fewer.subList(from, to).clear();
        return new Script(fewer, zeroOnFree, node, seed);
    }

    /// The same with another step at a place.
    Script with(int at, Step step) {
        List<Step> changed = new ArrayList<>(steps);
        changed.set(at, step);
        return new Script(changed, zeroOnFree, node, seed);
    }

    /// The same steps on another kind of arena.
    Script on(boolean wiping, boolean nodes) {
        return new Script(steps, wiping, nodes, seed);
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
        return new Script(
                steps, parts[1].contains(WIPE), parts[1].contains(NODE), Long.parseUnsignedLong(parts[0], 16));
    }

    /// One word that replays it.
    String token() {
        return Long.toHexString(seed) + "/" + kind(zeroOnFree, node) + "/"
                + steps.stream().map(Step::toString).collect(Collectors.joining(","));
    }

    private static String kind(boolean zeroOnFree, boolean node) {
        return (zeroOnFree ? WIPE : "keep") + (node ? "+" + NODE : "");
    }

    @Override
    public String toString() {
        return (zeroOnFree ? "[zero-on-free] " : "")
                + (node ? "[node] " : "")
                + steps.stream().map(Step::toString).collect(Collectors.joining(" "));
    }
}
