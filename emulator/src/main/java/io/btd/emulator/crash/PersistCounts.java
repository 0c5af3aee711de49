// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistSite;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The write-backs and fences of a program, by operation and site, and how many of them saved nothing. Not
/// thread-safe.
public final class PersistCounts {
    private record Key(String operation, PersistSite site) {}

    /// What one site did in one kind of operation.
    ///
    /// @param lines units that were written back
    /// @param idleLines of them, those in which nothing waited
    /// @param fences how many
    /// @param idleFences of them, those that completed nothing
    /// @param missableFences of them, those without which a crash could leave something else: those that are not
    ///     idle, save in EADR where only ordered stores follow, and no promise, until the next one
    public record Count(
            String operation,
            PersistSite site,
            long lines,
            long idleLines,
            long fences,
            long idleFences,
            long missableFences) {}

    private final Map<Key, long[]> counts = new HashMap<>();

    private long[] of(String operation, PersistSite site) {
        return counts.computeIfAbsent(new Key(operation, site), key -> new long[5]);
    }

    void wroteBack(String operation, PersistSite site, int lines, int idle) {
        long[] count = of(operation, site);
        count[0] += lines;
        count[1] += idle;
    }

    void fenced(String operation, PersistSite site, boolean idle) {
        long[] count = of(operation, site);
        count[2]++;
        count[3] += idle ? 1 : 0;
    }

    void missable(String operation, PersistSite site) {
        of(operation, site)[4]++;
    }

    /// Adds what another search counted.
    public void add(PersistCounts other) {
        other.counts.forEach((key, more) -> {
            long[] count = of(key.operation(), key.site());
            for (int i = 0; i < count.length; i++) {
                count[i] += more[i];
            }
        });
    }

    /// All of them, by operation and site.
    public List<Count> all() {
        return counts.entrySet().stream()
                .map(e -> new Count(
                        e.getKey().operation(),
                        e.getKey().site(),
                        e.getValue()[0],
                        e.getValue()[1],
                        e.getValue()[2],
                        e.getValue()[3],
                        e.getValue()[4]))
                .sorted(Comparator.comparing(Count::operation)
                        .thenComparing(count -> count.site().number()))
                .toList();
    }
}
