// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashSearch;
import io.btd.emulator.crash.CrashSearch.Seen;
import io.btd.emulator.crash.PersistCounts;
import io.btd.emulator.crash.SearchCounts;
import io.btd.pmem.Geometry;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Runs scripts and has them crashed: every short script, scenarios, and random ones. Confined to one thread.
final class Exploration implements AutoCloseable {
    /// The arena scripts run on: 24 KiB in pages of 256 B.
    static final Geometry GEOMETRY = Geometry.tiny(96);

    private static final int EXHAUSTIVE_LENGTH = 4;

    private final CrashSearch search;
    private final Program program;
    private final SplittableRandom random;
    private final BooleanSupplier stop;
    private int length = 1;
    private long number;
    private boolean onlyRandom;
    private int turn;
    private int scenario;
    private long runs;

    Exploration(PersistenceDomain domain, long seed, Opening opening, BooleanSupplier stop) {
        this(domain, seed, opening, stop, Seen.nothing());
    }

    /// An exploration that skips what others have recovered.
    Exploration(PersistenceDomain domain, long seed, Opening opening, BooleanSupplier stop, Seen seen) {
        this.stop = stop;
        random = new SplittableRandom(seed);
        search = new CrashSearch(GEOMETRY.mediumBytes(), domain, new HeapCheck(opening, GEOMETRY), stop, seen);
        program = new Program(GEOMETRY, domain, search, opening);
    }

    /// Leaves short scripts and scenarios to another exploration.
    void onlyRandom() {
        onlyRandom = true;
    }

    /// Leaves the rules out: what is found then was found by recovering.
    void withoutRules() {
        search.withoutRules();
    }

    /// Which domain's losses are modelled.
    PersistenceDomain domain() {
        return search.domain();
    }

    /// The write-backs and fences that were executed.
    PersistCounts persists() {
        return search.persists();
    }

    /// From here on notes who stores what during recoveries, too: for reports, and slow.
    void explain() {
        search.explain();
    }

    /// How many scripts ran.
    long runs() {
        return runs;
    }

    /// What the search did.
    SearchCounts counts() {
        return search.counts();
    }

    /// Runs one given script.
    @Nullable
    Violation run(Script script) {
        runs++;
        return program.run(script, false).violation();
    }

    /// Runs the next script: short ones, random ones and scenarios by turns.
    @Nullable
    Violation next() {
        turn++;
        if (!onlyRandom && turn % 3 == 0 && length <= EXHAUSTIVE_LENGTH) {
            return nextShort();
        }
        return !onlyRandom && turn % 3 == 1 && scenario < Scenarios.count()
                ? run(Scenarios.script(scenario++))
                : run(Script.random(random));
    }

    private @Nullable Violation nextShort() {
        while (!stop.getAsBoolean()) {
            if (number >= Alphabet.count(length)) {
                number = 0;
                length++;
                if (length > EXHAUSTIVE_LENGTH) {
                    return null;
                }
            }
            Script script = Alphabet.script(length, number);
            Program.Outcome outcome = program.run(script, true);
            boolean whole = outcome.applied() == length;
            number = whole ? number + 1 : Alphabet.skip(length, number, outcome.applied());
            if (outcome.violation() != null || whole) {
                runs++;
                return outcome.violation();
            }
        }
        return null;
    }

    @Override
    public void close() {
        program.close();
        search.close();
    }
}
