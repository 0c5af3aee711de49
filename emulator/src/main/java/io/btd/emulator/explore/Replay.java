// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.canary.Canary;
import io.btd.emulator.crash.Mutant;
import io.btd.emulator.report.Account;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One script again, with every store and its reason noted; with a bug planted, or an instruction switched off, if
/// wanted.
///
/// @param domains whose losses are tried, one after the other
/// @param canary the planted bug, or null
/// @param without the instruction that is switched off, or null
record Replay(
        Script script,
        List<PersistenceDomain> domains,
        @Nullable Canary canary,
        @Nullable Mutant without) {

    /// Reads what was given on the command line.
    ///
    /// @throws InvalidConfig saying what cannot be read
    static Replay parse(
            String token, List<PersistenceDomain> domains, @Nullable String planted, @Nullable String without) {
        Script script;
        try {
            script = Script.parse(token);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(String.valueOf(e.getMessage()), "copy it whole, as btd explore printed it");
        }
        Canary canary = planted == null ? null : canary(planted);
        Mutant mutant = without == null ? null : mutant(without);
        return new Replay(
                script, domains, canary, canary != null && canary.mutant() != null ? canary.mutant() : mutant);
    }

    static Canary canary(String name) {
        return Canary.of(name)
                .orElseThrow(() -> new InvalidConfig(
                        "no such canary: name=" + name,
                        "use one of "
                                + Arrays.stream(Canary.values())
                                        .map(Canary::text)
                                        .collect(Collectors.joining(", "))));
    }

    /// `401:fence` or `RECORD:write-back`.
    static Mutant mutant(String text) {
        String[] parts = text.split(":", 2);
        Access access = parts.length < 2
                ? null
                : switch (parts[1]) {
                    case "fence" -> Access.FENCE;
                    case "write-back" -> Access.WRITE_BACK;
                    default -> null;
                };
        for (PersistSite site : MutantHunt.sites()) {
            boolean named = site.name().equals(parts[0].toUpperCase(Locale.ROOT).replace('-', '_'))
                    || Integer.toString(site.number()).equals(parts[0]);
            if (named && access != null) {
                return new Mutant(site, access);
            }
        }
        throw new InvalidConfig(
                "no such instruction: --without=" + text,
                "use a site's number or name and what it does, for example 401:fence or record:write-back");
    }

    /// What is wrong in the first of the domains where something is, or null. What a recovery shows comes first; where
    /// none does, the rules may still be broken.
    @Nullable
    Violation run() {
        Opening opening = canary == null ? EmbeddedCluster::open : CanaryHunt.opening(canary);
        return CanaryHunt.planted(without, () -> {
            for (PersistenceDomain domain : domains) {
                Shrinker shrinker = new Shrinker(domain, opening);
                Violation shown = shrinker.withoutRules().replay(script, true);
                Violation violation = shown != null ? shown : shrinker.replay(script, true);
                if (violation != null) {
                    return violation;
                }
            }
            return null;
        });
    }

    /// The account of what [#run] found.
    Account account(Violation violation) {
        List<Account.Fact> facts = new ArrayList<>();
        facts.add(new Account.Fact("loses", loses(violation.domain())));
        if (canary != null) {
            facts.add(new Account.Fact("planted", canary.text() + ": " + canary.bug()));
        } else if (without != null) {
            facts.add(new Account.Fact(
                    "without",
                    "the " + instruction(without) + " at " + without.site().number() + " "
                            + without.site().name() + ": \"" + without.site().protects() + "\""));
        }
        facts.add(new Account.Fact("replay", command(violation)));
        return Explanation.of(violation, facts);
    }

    private static String loses(PersistenceDomain domain) {
        return switch (domain) {
            case CACHE_LINE -> "what was not written back and fenced (CACHE_LINE)";
            case PAGE -> "what was not written back (PAGE)";
            case EADR -> "what waited in a thread's store buffer, not fenced (EADR)";
            case PROCESS -> "no store that was made (PROCESS)";
            default -> domain.toString();
        };
    }

    private static String instruction(Mutant mutant) {
        return mutant.access() == Access.FENCE ? "fence" : "write-back";
    }

    /// The command that shows the same again, in the domain of what was found.
    String command(@Nullable Violation violation) {
        PersistenceDomain domain =
                violation != null ? violation.domain() : domains.size() == 1 ? domains.getFirst() : null;
        return "btd explore"
                + (domain == null ? "" : " --domain " + domain.configName())
                + (canary != null
                        ? " --planted " + canary.text()
                        : without != null ? " --without " + without.site().number() + ":" + instruction(without) : "")
                + " --replay " + script.token();
    }
}
