// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// What two or three threads do at the same time.
///
/// ```text
/// malloc,swap-unlink+malloc-malloc,swap    two threads: before the "-" one after the other, behind it at once
/// tight*malloc-free+-malloc                in an arena that is almost full
/// ```
///
/// @param tight whether the arena is filled first, but for a little
/// @param threads what each does
record Race(boolean tight, List<Part> threads) {
    private static final String TIGHT = "tight*";
    /// Threads at most.
    static final int MOST = 3;

    /// @param before what a thread does before the others begin, so that its magazines are in use
    /// @param during what it does beside them
    record Part(List<RaceStep> before, List<RaceStep> during) {
        Part {
            before = List.copyOf(before);
            during = List.copyOf(during);
        }

        static Part parse(String text) {
            String[] parts = text.split("-", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not a thread of a race: text=" + text);
            }
            return new Part(steps(parts[0]), steps(parts[1]));
        }

        private static List<RaceStep> steps(String text) {
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(RaceStep::parse).toList();
        }

        @Override
        public String toString() {
            return text(before) + "-" + text(during);
        }

        private static String text(List<RaceStep> steps) {
            return steps.stream().map(RaceStep::toString).collect(Collectors.joining(","));
        }
    }

    Race {
        threads = List.copyOf(threads);
    }

    static Race random(SplittableRandom random) {
        int threads = random.nextInt(4) == 0 ? 3 : 2;
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            parts.add(new Part(steps(random, random.nextInt(5)), steps(random, random.nextInt(1, 5))));
        }
        return new Race(random.nextInt(2) == 0, parts);
    }

    private static List<RaceStep> steps(SplittableRandom random, int count) {
        List<RaceStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(RaceStep.random(random));
        }
        return steps;
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException when it is none
    static Race parse(String text) {
        boolean tight = text.startsWith(TIGHT);
        List<Part> parts = Arrays.stream(
                        text.substring(tight ? TIGHT.length() : 0).split("\\+", -1))
                .map(Part::parse)
                .toList();
        if (parts.size() > MOST) {
            throw new IllegalArgumentException("too many threads: race=" + text);
        }
        return new Race(tight, parts);
    }

    /// Without one of the operations; null when there is no such.
    List<Race> shorter() {
        List<Race> races = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            if (threads.size() > 2) {
                List<Part> fewer = new ArrayList<>(threads);
                fewer.remove(i);
                races.add(new Race(tight, fewer));
            }
            Part part = threads.get(i);
            for (int step = 0; step < part.during.size(); step++) {
                races.add(with(i, new Part(part.before, without(part.during, step))));
            }
            for (int step = 0; step < part.before.size(); step++) {
                races.add(with(i, new Part(without(part.before, step), part.during)));
            }
        }
        return races;
    }

    private Race with(int thread, Part part) {
        List<Part> changed = new ArrayList<>(threads);
        changed.set(thread, part);
        return new Race(tight, changed);
    }

    private static List<RaceStep> without(List<RaceStep> steps, int at) {
        List<RaceStep> fewer = new ArrayList<>(steps);
        fewer.remove(at);
        return fewer;
    }

    /// How many operations it has.
    int steps() {
        return threads.stream()
                .mapToInt(part -> part.before.size() + part.during.size())
                .sum();
    }

    boolean uses(RaceStep.Kind kind) {
        return threads.stream()
                .anyMatch(part -> part.before.stream().anyMatch(step -> step.kind() == kind)
                        || part.during.stream().anyMatch(step -> step.kind() == kind));
    }

    @Override
    public String toString() {
        return (tight ? TIGHT : "") + threads.stream().map(Part::toString).collect(Collectors.joining("+"));
    }
}
