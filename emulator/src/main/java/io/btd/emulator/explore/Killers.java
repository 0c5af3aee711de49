// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Loss;
import io.btd.emulator.crash.Mutant;
import io.btd.pmem.MemoryHook.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which scenario is known to kill which mutant: a line each, of the site's number, the instruction, the
/// domain, and the script's token. A hunt tries it first, and searches when it does not kill any more: what a
/// script does depends on the program, so a change may make another one better. `btd explore --mutants --json`
/// says what did kill.
///
/// A `-` instead of a token: the instruction is needed in another domain only. So it is with a fence in EADR
/// behind which only ordered stores (release, compare-and-set) follow until the next fence: the store buffer
/// keeps their order.
final class Killers {
    private static final String FILE = "killers.txt";
    private static final String NOT_MISSED = "-";
    private static final Map<String, String> KNOWN = read();

    private Killers() {}

    private static Map<String, String> read() {
        try (InputStream in = Killers.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: file=" + FILE + "; build anew");
            }
            Map<String, String> known = new LinkedHashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        int token = line.lastIndexOf(' ');
                        known.put(line.substring(0, token), line.substring(token + 1));
                    });
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String known(PersistenceDomain domain, Mutant mutant) {
        return KNOWN.get(mutant.site().number() + " " + instruction(mutant.access()) + " " + domain.configName());
    }

    /// The scenario for a mutant; null when none is known.
    static @Nullable Script of(PersistenceDomain domain, Mutant mutant) {
        String token = known(domain, mutant);
        return token == null || token.equals(NOT_MISSED) ? null : Script.parse(token);
    }

    /// Whether a crash can tell a mutant from the program: its instruction saves something in the domain, and
    /// what follows does not do without.
    static boolean canBeMissed(PersistenceDomain domain, Mutant mutant) {
        return Loss.of(domain).saves(mutant.access()) && !NOT_MISSED.equals(known(domain, mutant));
    }

    static String instruction(Access access) {
        return access == Access.FENCE ? "fence" : "write-back";
    }
}
