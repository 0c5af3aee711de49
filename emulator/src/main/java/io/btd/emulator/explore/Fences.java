// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Mutant;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The page that lists every write-back and fence, what it protects, and the scenario that misses it: made from
/// the enums of sites and from [Killers].
final class Fences {
    private static final String HEAD = """
            # Fences

            Every place in the code that writes back or fences, by number: what it protects, in which persistence domains it
            does, and a scenario in which it is missed when it is gone. `./btd explore --fences` prints this page from the code,
            and a test compares. `./btd explore --mutants` takes the instructions away, one at a time, and wants each to be
            missed. How to read a scenario: [explorer](explorer.md#scripts-and-tokens). A site stands for a write-back, a
            fence, or both; the [recovery page](../spec/recovery.md#persist-sites) shows where they are.

            * `cache-line`: a write-back puts lines on their way, a fence of the same thread completes that; both are needed.
            * `page`: a write-back (`msync`) returns when the range is on the medium; a fence is not needed.
            * `eadr`: the caches are in the domain, a fence empties the store buffer; a write-back is not needed. Some fences
              are not either. *Same images*: only ordered stores (release, compare-and-set) follow until the next fence, and
              no promise, in every execution; they keep their order, so a crash leaves what it could leave anyway. A test
              counts. *Harmless*: a crash leaves other images, but what the fence saves is counted on behind a later fence of
              the same thread only. That is not proven: `--mutants` hunts these, too, and fails when one is missed after all.
            * `process`: stores survive in their order, so neither is needed.

            | site | instruction | protects | missed in |
            |---|---|---|---|
            """;

    private Fences() {}

    /// The whole page.
    static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (PersistSite site : MutantHunt.sites()) {
            for (Access access : List.of(Access.WRITE_BACK, Access.FENCE)) {
                String missed = missed(new Mutant(site, access));
                if (!missed.isEmpty()) {
                    page.append("| %d `%s.%s` | %s | %s | %s |%n"
                            .formatted(
                                    site.number(),
                                    site.getClass().getSimpleName(),
                                    site.name(),
                                    Killers.instruction(access),
                                    site.protects(),
                                    missed));
                }
            }
        }
        return page.toString();
    }

    private static String missed(Mutant mutant) {
        Map<String, List<String>> domains = new LinkedHashMap<>();
        for (PersistenceDomain domain : MutantHunt.DOMAINS) {
            Script killer = Killers.of(domain, mutant);
            if (killer != null) {
                domains.computeIfAbsent(killer.token(), token -> new ArrayList<>())
                        .add(domain.configName());
            }
        }
        List<String> lines = domains.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + ": `" + entry.getKey() + "`")
                .collect(Collectors.toCollection(ArrayList::new));
        for (PersistenceDomain domain : MutantHunt.DOMAINS) {
            switch (Killers.need(domain, mutant)) {
                case SAME_IMAGES -> lines.add(domain.configName() + ": no, same images");
                case HARMLESS -> lines.add(domain.configName() + ": no, harmless");
                case MISSED, NONE -> {
                    // said above, or nothing to say
                }
            }
        }
        return String.join("<br>", lines);
    }
}
