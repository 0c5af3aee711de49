// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashSearch.Seen;
import io.btd.emulator.crash.SearchCounts;
import io.btd.emulator.schedule.Outcome;
import io.btd.emulator.schedule.Policy;
import io.btd.emulator.schedule.Preemptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Which races run under which schedules: known races under every schedule with up to two preemptions, random ones
/// at random and by priorities. Confined to one thread.
final class RaceExploration implements AutoCloseable {
    private static final int MOST_PREEMPTIONS = 2;
    private static final long SAMPLE = 10;
    private static final int CRASH_EVERY = 2;
    private static final int RUNS_PER_RACE = 6;

    /// Two operations that touch the same thing at the same time, and what it takes to get there.
    static final List<Race> KNOWN = List.of(
                    // two blocks of a size freed at once, and one allocated by both
                    "malloc-free+malloc-free",
                    "malloc,free-malloc+-malloc",
                    // the top of a stack of free blocks goes and comes back, what was below it does not
                    "malloc,malloc,free,free-malloc+-malloc,give,malloc,take,free",
                    // a block handed over and freed by the other, while its owner allocates
                    "malloc,malloc,give-malloc+-take,free",
                    "malloc,malloc,give-free,malloc+malloc,take-free,malloc",
                    // a new superblock each, of the same pages
                    "-malloc+-malloc",
                    "-malloc:2+-malloc:1",
                    // the last block of a superblock that is retired meanwhile
                    "tight*malloc,give-malloc+take-free,malloc",
                    "tight*burst,drop-malloc:2+-burst,burst",
                    "tight*burst,drop-malloc:3,malloc:2+-burst,burst",
                    "tight*-double,malloc+-double,malloc:1",
                    // one word
                    "malloc,swap-unlink+-unlink",
                    "malloc,swap,malloc-unlink:2+malloc-swap",
                    "malloc,swap,malloc-cas+malloc-cas",
                    "malloc,swap-unlink,malloc,swap+-unlink",
                    "malloc:2,swap-unlink+-unlink,malloc:2",
                    // names
                    "malloc-put+malloc-put",
                    "malloc,put-remove+malloc-put",
                    "malloc,put-remove+-remove",
                    "malloc,put,malloc-put:1+-remove",
                    // set once
                    "malloc-once+malloc-once",
                    // copies, and a free of a block that was copied into
                    "-copy+-copy",
                    "malloc:1,swap-unlink+-copy",
                    // one block, freed by all
                    "-double+-double",
                    "-double+-double+-double",
                    // a word of one's own, and blocks that change hands
                    "malloc,malloc,give-link,malloc+-take,free")
            .stream()
            .map(Race::parse)
            .toList();

    private final RaceProgram program;
    private final SplittableRandom random;
    private int turn;
    private int preempted;
    private int known;
    private Preemptions preemptions = new Preemptions(KNOWN.getFirst().threads().size(), 0);
    private Race race;
    private int length = 100;
    private int runsLeft;
    private long schedules;
    private boolean onlyRandom;

    RaceExploration(PersistenceDomain domain, long seed, Opening opening, BooleanSupplier stop) {
        this(domain, seed, opening, stop, Seen.nothing());
    }

    /// An exploration that skips what others have recovered.
    RaceExploration(PersistenceDomain domain, long seed, Opening opening, BooleanSupplier stop, Seen seen) {
        random = new SplittableRandom(seed);
        program = new RaceProgram(Exploration.GEOMETRY, domain, opening, stop, seen);
        race = Race.random(random);
    }

    /// Leaves the known races to another exploration.
    void onlyRandom() {
        onlyRandom = true;
    }

    /// How many schedules ran.
    long schedules() {
        return schedules;
    }

    /// Which domain's losses are modelled.
    PersistenceDomain domain() {
        return program.domain();
    }

    SearchCounts counts() {
        return program.counts();
    }

    /// Runs the next schedule.
    @Nullable
    RaceViolation next() {
        turn++;
        Policy policy = !onlyRandom && turn % 2 == 0 ? nextKnown() : null;
        if (policy != null) {
            RaceProgram.Result result = run(KNOWN.get(known), policy);
            preemptions.ran(result.outcome());
            return result.violation();
        }
        if (--runsLeft <= 0) {
            race = Race.random(random);
            length = 100;
            runsLeft = RUNS_PER_RACE;
        }
        long seed = random.nextLong() >>> 1;
        Policy chance = turn % 4 == 1
                ? Policy.random(1 << random.nextInt(1, 7), seed)
                : Policy.pct(random.nextInt(2, 5), length, seed);
        RaceProgram.Result result = run(race, chance);
        length = Math.max(1, result.outcome().steps());
        return result.violation();
    }

    private RaceProgram.Result run(Race which, Policy policy) {
        long sample = schedules++ % CRASH_EVERY == 0 ? SAMPLE : 0;
        return program.run(which, policy, sample, random.nextLong());
    }

    /// First all known races without a preemption, then with one, then with two.
    private @Nullable Policy nextKnown() {
        while (preempted <= MOST_PREEMPTIONS) {
            Policy policy = preemptions.next();
            if (policy != null) {
                return policy;
            }
            if (++known == KNOWN.size()) {
                known = 0;
                preempted++;
            }
            preemptions = new Preemptions(KNOWN.get(known).threads().size(), preempted);
        }
        return null;
    }

    /// Runs one given schedule, and crashes it everywhere.
    RaceProgram.Result replay(Schedule schedule) {
        schedules++;
        return program.run(schedule.race(), schedule.policy(), Long.MAX_VALUE, 0);
    }

    /// What a token says.
    record Schedule(Race race, Policy policy) {
        /// Reads what [RaceViolation#token] writes.
        ///
        /// @throws IllegalArgumentException when it is none
        static Schedule parse(String token) {
            String[] parts = token.split("/", -1);
            if (parts.length != 3 || !token.startsWith(RaceViolation.TOKEN)) {
                throw new IllegalArgumentException("not a schedule: token=" + token);
            }
            return new Schedule(Race.parse(parts[1]), Policy.parse(parts[2]));
        }
    }

    /// From here on findings say where the threads were.
    void explain() {
        program.explain();
    }

    @Override
    public void close() {
        program.close();
    }

    /// Finds a shorter way to something wrong: fewer switches, then fewer operations.
    static RaceViolation shrink(Opening opening, RaceViolation found) {
        try (RaceExploration exploration = new RaceExploration(found.domain(), 1, opening, () -> false)) {
            RaceViolation best = exploration.again(found.race(), Policy.exactly(found.first(), found.switches()));
            if (best == null) {
                return found;
            }
            for (boolean shorter = true; shorter; ) {
                RaceViolation next = exploration.shorter(best);
                shorter = next != null;
                best = next != null ? next : best;
            }
            exploration.explain();
            RaceViolation explained = exploration.again(best.race(), best.policy());
            return explained == null ? best : explained;
        }
    }

    private @Nullable RaceViolation shorter(RaceViolation best) {
        List<Outcome.Switch> switches = best.switches();
        for (Race fewer : best.race().shorter()) {
            RaceViolation shorter = again(fewer, Policy.exactly(best.first(), switches));
            if (shorter != null) {
                return shorter;
            }
        }
        for (int i = 0; i < switches.size(); i++) {
            List<Outcome.Switch> without = new java.util.ArrayList<>(switches);
            without.remove(i);
            RaceViolation shorter = again(best.race(), Policy.exactly(best.first(), without));
            if (shorter != null && shorter.switches().size() < switches.size()) {
                return shorter;
            }
        }
        return null;
    }

    private @Nullable RaceViolation again(Race given, Policy policy) {
        RaceProgram.Result result = replay(new Schedule(given, policy));
        RaceViolation violation = result.violation();
        return violation == null
                ? null
                : new RaceViolation(
                        violation.domain(),
                        given,
                        result.outcome().again(),
                        result.outcome().first(),
                        violation.switches(),
                        violation.what(),
                        violation.promised(),
                        violation.crashes());
    }
}
