// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Census;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.Mutant;
import io.btd.pmem.PersistSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Switches off every write-back and every fence that is executed, one at a time, and searches until
/// something breaks. A mutant that survives is a hole in the search or an instruction nobody needs.
final class MutantHunt {
    /// How many scripts are run to see which sites are executed.
    static final int CENSUS_RUNS = 700;

    /// The enums that list the program's sites; one that is absent counts for nothing.
    private static final List<String> SITES = List.of(
            "io.btd.pmem.ArenaSite",
            "io.btd.pages.PageSite",
            "io.btd.heap.HeapSite",
            "io.btd.log.LogSite",
            "io.btd.gc.GcSite");

    private final PersistenceDomain domain;
    private final Opening opening;
    private final long seed;

    MutantHunt(PersistenceDomain domain, Opening opening, long seed) {
        this.domain = domain;
        this.opening = opening;
        this.seed = seed;
    }

    /// What became of one mutant.
    ///
    /// @param killer what it broke, or null when it survived
    /// @param runs how many scripts it took
    record Verdict(Mutant mutant, @Nullable Violation killer, long runs, long nanos) {
        boolean survived() {
            return killer == null;
        }
    }

    /// The mutants that `runs` random and short scripts execute.
    Set<Mutant> executed(int runs) {
        Census.clear();
        Census.count(true);
        try (Exploration exploration = new Exploration(domain, seed, opening, () -> false)) {
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
        List<PersistSite> never = new ArrayList<>(sites());
        never.removeIf(site -> executed.stream().anyMatch(mutant -> mutant.site() == site));
        return never;
    }

    /// Every site of the program.
    static List<PersistSite> sites() {
        List<PersistSite> sites = new ArrayList<>();
        for (String name : SITES) {
            for (Object constant : constants(name)) {
                sites.add((PersistSite) constant);
            }
        }
        return sites;
    }

    private static Object[] constants(String name) {
        try {
            return Class.forName(name).getEnumConstants();
        } catch (ClassNotFoundException absent) {
            return new Object[0];
        }
    }

    /// Hunts each mutant until it is killed or `patience` says to give up on it.
    List<Verdict> hunt(Set<Mutant> mutants, Patience patience, Consumer<Verdict> told) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Mutant mutant : sorted(mutants)) {
            Verdict verdict = hunt(mutant, patience);
            told.accept(verdict);
            verdicts.add(verdict);
        }
        return verdicts;
    }

    /// How long to look for what one mutant breaks.
    ///
    /// @param runs scripts at most
    /// @param nanos time at most
    record Patience(long runs, long nanos) {}

    private static Set<Mutant> sorted(Set<Mutant> mutants) {
        Set<Mutant> sorted = new TreeSet<>(Census.order());
        sorted.addAll(mutants);
        return sorted;
    }

    private Verdict hunt(Mutant mutant, Patience patience) {
        long start = System.nanoTime();
        BooleanSupplier late = () -> System.nanoTime() - start > patience.nanos();
        CrashHook.mutate(mutant);
        try (Exploration exploration = new Exploration(domain, seed, opening, late)) {
            Violation killer = null;
            while (killer == null && exploration.runs() < patience.runs() && !late.getAsBoolean()) {
                killer = exploration.next();
            }
            return new Verdict(mutant, killer, exploration.runs(), System.nanoTime() - start);
        } finally {
            CrashHook.mutate(null);
        }
    }
}
