// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Census;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.Mutant;
import io.btd.emulator.explore.Killers.Need;
import io.btd.pmem.PersistSite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Switches off every write-back and every fence that is executed, one at a time, and searches until
/// something breaks. A mutant that survives is a hole in the search or an instruction nobody needs. Those of which it
/// is known that nobody needs them in a domain are hunted, too, and must survive.
final class MutantHunt {
    /// How many scripts are run to see which sites are executed.
    static final int CENSUS_RUNS = 700;

    /// How many scripts are run to see that nobody misses what is not needed.
    static final int IN_VAIN = 250;

    /// The enums that list the program's sites; one that is absent counts for nothing.
    private static final List<String> SITES = List.of(
            "io.btd.pmem.ArenaSite",
            "io.btd.pages.PageSite",
            "io.btd.heap.HeapSite",
            "io.btd.log.LogSite",
            "io.btd.gc.GcSite");

    /// The domains in which a crash loses stores: where it loses none, nothing can be missed.
    static final List<PersistenceDomain> DOMAINS =
            List.of(PersistenceDomain.CACHE_LINE, PersistenceDomain.PAGE, PersistenceDomain.EADR);

    private final Opening opening;
    private final long seed;

    MutantHunt(Opening opening, long seed) {
        this.opening = opening;
        this.seed = seed;
    }

    /// What became of one mutant in one domain.
    ///
    /// @param killer what it broke, or null when it survived
    /// @param need what the instruction is known to be needed for there
    /// @param known whether that was the scenario that is known to kill it
    /// @param runs how many scripts it took
    record Verdict(
            PersistenceDomain domain,
            Mutant mutant,
            Need need,
            @Nullable Violation killer,
            boolean known,
            long runs,
            long nanos) {
        boolean survived() {
            return killer == null;
        }

        /// Whether that contradicts what is known: nobody missed what is needed, or somebody what is not.
        boolean wrong() {
            return survived() == (need == Need.MISSED);
        }
    }

    /// The mutants that `runs` random and short scripts execute: the same in all domains.
    Set<Mutant> executed(int runs) {
        Census.clear();
        Census.count(true);
        try (Exploration exploration = new Exploration(PersistenceDomain.CACHE_LINE, seed, opening, () -> false)) {
            for (int i = 0; i < runs; i++) {
                Violation violation = exploration.next();
                if (violation != null) {
                    throw new IllegalStateException(
                            "the program is broken without a mutant: " + String.join(" | ", violation.lines()));
                }
            }
            return Census.executed();
        } finally {
            Census.count(false);
        }
    }

    /// The sites of the program that are not among the executed ones.
    static List<PersistSite> neverReached(Set<Mutant> executed) {
        return sites().stream()
                .filter(site -> executed.stream().noneMatch(mutant -> mutant.site() == site))
                .toList();
    }

    /// All sites of the program, by number.
    static List<PersistSite> sites() {
        List<PersistSite> sites = new ArrayList<>();
        for (String name : SITES) {
            for (Object constant : constants(name)) {
                sites.add((PersistSite) constant);
            }
        }
        sites.sort(Comparator.comparing(PersistSite::number));
        return sites;
    }

    private static Object[] constants(String name) {
        try {
            return Class.forName(name).getEnumConstants();
        } catch (ClassNotFoundException absent) {
            return new Object[0];
        }
    }

    /// Hunts each mutant, in each domain where it can be missed, until it is killed or `patience` says to give
    /// up.
    List<Verdict> hunt(
            Set<Mutant> mutants, List<PersistenceDomain> domains, Patience patience, Consumer<Verdict> told) {
        List<Verdict> verdicts = new ArrayList<>();
        for (PersistenceDomain domain : domains) {
            for (Mutant mutant : sorted(mutants)) {
                Need need = Killers.need(domain, mutant);
                if (need == Need.MISSED || need == Need.HARMLESS) {
                    Verdict verdict = hunt(domain, mutant, need, need == Need.MISSED ? patience : patience.inVain());
                    told.accept(verdict);
                    verdicts.add(verdict);
                }
            }
        }
        return verdicts;
    }

    /// How long to look for what one mutant breaks.
    ///
    /// @param runs scripts at most
    /// @param nanos time at most
    /// @param runsInVain scripts for what is not expected to break anything
    record Patience(long runs, long nanos, long runsInVain) {
        private Patience inVain() {
            return new Patience(runsInVain, nanos, runsInVain);
        }
    }

    private static Set<Mutant> sorted(Set<Mutant> mutants) {
        Set<Mutant> sorted = new TreeSet<>(Census.order());
        sorted.addAll(mutants);
        return sorted;
    }

    /// What is found counts when a recovery shows it; the rules stay out of it.
    private Verdict hunt(PersistenceDomain domain, Mutant mutant, Need need, Patience patience) {
        long start = System.nanoTime();
        BooleanSupplier late = () -> System.nanoTime() - start > patience.nanos();
        CrashHook.mutate(mutant);
        try (Exploration exploration = new Exploration(domain, seed, opening, late)) {
            exploration.withoutRules();
            Script known = Killers.of(domain, mutant);
            Violation killer = known == null ? null : exploration.run(known);
            boolean byKnown = killer != null;
            while (killer == null && exploration.runs() < patience.runs() && !late.getAsBoolean()) {
                killer = exploration.next();
            }
            return new Verdict(domain, mutant, need, killer, byKnown, exploration.runs(), System.nanoTime() - start);
        } finally {
            CrashHook.mutate(null);
        }
    }
}
