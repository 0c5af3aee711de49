// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.Mutant;
import io.btd.heap.HeapSite;
import io.btd.log.LogSite;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules over the trace see what is missing in the heap itself when an instruction is switched off.
class RulesCrashTest {

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    private static Arguments[] broken() {
        return new Arguments[] {
            Arguments.of(LogSite.WORD, Access.WRITE_BACK, "1/keep/small:1,put:0,small:0,link:0", "dirty at"),
            Arguments.of(LogSite.WORD, Access.FENCE, "1/keep/small:1,put:0,small:0,link:0", "not fenced at"),
            Arguments.of(HeapSite.ROOT_SLOT, Access.WRITE_BACK, "1/keep/small:0,once:0", "dirty at"),
            Arguments.of(HeapSite.DIRECTORY_LINK, Access.FENCE, "1/keep/small:0,put:0", "not fenced at"),
            Arguments.of(LogSite.RECORD, Access.WRITE_BACK, "1/keep/small:4,put:0,copy:3", "unlogged store"),
            Arguments.of(LogSite.RECORD, Access.FENCE, "1/keep/small:4,put:0,copy:1", "unlogged store"),
            Arguments.of(HeapSite.BLOCK_BEFORE_POINTER, Access.WRITE_BACK, "1/keep/small:0,put:0", "published before"),
            Arguments.of(HeapSite.BLOCK_BEFORE_POINTER, Access.FENCE, "1/keep/small:0,put:0", "published before"),
        };
    }

    @ParameterizedTest
    @MethodSource("broken")
    void anInstructionIsMissed(PersistSite site, Access access, String token, String rule) {
        Script script = Script.parse(token);
        assertThat(violation(script)).isEmpty();
        CrashHook.mutate(new Mutant(site, access));
        try {
            assertThat(violation(script)).contains("rule broken: " + rule);
        } finally {
            CrashHook.mutate(null);
        }
    }

    private static String violation(Script script) {
        try (Exploration exploration =
                new Exploration(PersistenceDomain.CACHE_LINE, 1, EmbeddedCluster::open, () -> false)) {
            Violation violation = exploration.run(script);
            return violation == null ? "" : Objects.requireNonNull(violation.what());
        }
    }
}
