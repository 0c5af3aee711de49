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
/// @param canary the planted bug, or null
/// @param without the instruction that is switched off, or null
record Replay(
        Script script,
        PersistenceDomain domain,
        @Nullable Canary canary,
        @Nullable Mutant without) {

    /// Reads what was given on the command line.
    ///
    /// @throws InvalidConfig saying what cannot be read
    static Replay parse(String token, PersistenceDomain domain, @Nullable String planted, @Nullable String without) {
        Script script;
        try {
            script = Script.parse(token);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(String.valueOf(e.getMessage()), "copy it whole, as btd explore printed it");
        }
        Canary canary = planted == null ? null : canary(planted);
        Mutant mutant = without == null ? null : mutant(without);
        return new Replay(script, domain, canary, canary != null && canary.mutant() != null ? canary.mutant() : mutant);
    }

    private static Canary canary(String name) {
        return Canary.of(name)
                .orElseThrow(() -> new InvalidConfig(
                        "no such canary: name=" + name,
                        "use one of "
                                + Arrays.stream(Canary.values())
                                        .map(Canary::text)
                                        .collect(Collectors.joining(", "))));
    }

    /// `401:fence` or `RECORD:write-back`.
    private static Mutant mutant(String text) {
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

    /// What is wrong, or null.
    @Nullable
    Violation run() {
        Opening opening = canary == null ? EmbeddedCluster::open : CanaryHunt.opening(canary);
        return CanaryHunt.planted(without, () -> new Shrinker(domain, opening).replay(script, true));
    }

    /// The account of what [#run] found.
    Account account(Violation violation) {
        List<Account.Fact> facts = new ArrayList<>();
        facts.add(new Account.Fact("loses", loses()));
        if (canary != null) {
            facts.add(new Account.Fact("planted", canary.text() + ": " + canary.bug()));
        } else if (without != null) {
            facts.add(new Account.Fact(
                    "without",
                    "the " + instruction(without) + " at " + without.site().number() + " "
                            + without.site().name() + ": \"" + without.site().protects() + "\""));
        }
        facts.add(new Account.Fact("replay", command()));
        return Explanation.of(violation, facts, domain == PersistenceDomain.CACHE_LINE);
    }

    private String loses() {
        return switch (domain) {
            case CACHE_LINE -> "what was not written back and fenced (CACHE_LINE)";
            case EADR, PROCESS -> "no store that was made (" + domain + ")";
            default -> domain.toString();
        };
    }

    private static String instruction(Mutant mutant) {
        return mutant.access() == Access.FENCE ? "fence" : "write-back";
    }

    /// The command that shows the same again.
    String command() {
        return "btd explore"
                + (domain == PersistenceDomain.CACHE_LINE
                        ? ""
                        : " --domain " + domain.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                + (canary != null
                        ? " --planted " + canary.text()
                        : without != null ? " --without " + without.site().number() + ":" + instruction(without) : "")
                + " --replay " + script.token();
    }
}
