// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Which sites were executed, as the mutants they make. One per process, because sites are. Thread-safe.
public final class Census {
    private static final Comparator<Mutant> ORDER =
            Comparator.comparing((Mutant m) -> m.site().number()).thenComparing(Mutant::access);
    private static final Set<Mutant> SEEN = ConcurrentHashMap.newKeySet();

    private static volatile boolean counting;

    private Census() {}

    /// Switches counting on or off.
    public static void count(boolean on) {
        counting = on;
    }

    static void note(PersistSite site, Access access) {
        if (!counting) {
            return;
        }
        Mutant mutant = new Mutant(site, access);
        if (!SEEN.contains(mutant)) {
            SEEN.add(mutant);
        }
    }

    /// What was executed since the last [#clear], by number.
    public static Set<Mutant> executed() {
        Set<Mutant> sorted = new TreeSet<>(ORDER);
        sorted.addAll(SEEN);
        return sorted;
    }

    /// Starts counting again.
    public static void clear() {
        SEEN.clear();
    }

    /// The order of executed mutants: by site number, write-back first.
    public static Comparator<Mutant> order() {
        return ORDER;
    }
}
