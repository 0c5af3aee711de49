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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which scenario is known to kill which mutant: a line each, of the site's number, the instruction, the
/// domain, and the script's token. A hunt tries it first, and searches when it does not kill any more: what a
/// script does depends on the program, so a change may make another one better. `btd explore --mutants --json`
/// says what did kill.
///
/// Instead of a token a [Need] that is none: the instruction is needed in another domain only.
final class Killers {
    private static final String FILE = "killers.txt";
    private static final Map<String, String> KNOWN = read();

    private Killers() {}

    /// What a domain needs an instruction for.
    enum Need {
        /// Without it a crash breaks a promise.
        MISSED(""),
        /// Without it a crash leaves what it could leave anyway: in EADR only ordered stores (release, compare-and-set)
        /// follow until the next fence, and no promise; the store buffer keeps their order. Counted in each
        /// execution by [io.btd.emulator.crash.PersistCounts.Count#missableFences()].
        SAME_IMAGES("same-images"),
        /// Without it a crash leaves other images, and none of those that were searched breaks a promise.
        HARMLESS("harmless"),
        /// The domain saves nothing by it.
        NONE("none");

        private final String word;

        Need(String word) {
            this.word = word;
        }
    }

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
        return token == null || need(domain, mutant) != Need.MISSED ? null : Script.parse(token);
    }

    /// What the domain needs a mutant's instruction for. Of one that is not known it is presumed that it is missed.
    static Need need(PersistenceDomain domain, Mutant mutant) {
        if (!Loss.of(domain).saves(mutant.access())) {
            return Need.NONE;
        }
        String known = known(domain, mutant);
        for (Need need : List.of(Need.SAME_IMAGES, Need.HARMLESS)) {
            if (need.word.equals(known)) {
                return need;
            }
        }
        return Need.MISSED;
    }

    static String instruction(Access access) {
        return access == Access.FENCE ? "fence" : "write-back";
    }
}
