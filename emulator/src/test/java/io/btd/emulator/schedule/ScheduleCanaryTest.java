// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.Seed;
import io.btd.emulator.crash.CrashHook;
import io.btd.pmem.MemoryMedium;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every way to choose schedules finds the races it is meant to find, soon; and none where there is none.
class ScheduleCanaryTest {
    private static final int MOST = 400;
    private static final int LENGTH = 20;

    private static @Nullable Scheduler scheduler;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
        scheduler = new Scheduler(2, 1000);
    }

    @AfterAll
    static void close() {
        scheduler().close();
    }

    private static Scheduler scheduler() {
        return java.util.Objects.requireNonNull(scheduler);
    }

    private static Map<String, Function<Boolean, RacyProgram>> canaries() {
        Map<String, Function<Boolean, RacyProgram>> canaries = new LinkedHashMap<>();
        canaries.put("lost update of a bitmap word", planted -> new RemoteFree(memory(), planted));
        canaries.put("claim without compare-and-set", planted -> new BitClaim(memory(), planted));
        canaries.put("ABA in a stack of free blocks", planted -> new BlockStack(memory(), planted));
        canaries.put("check, then act, on a status", StatusCheck::new);
        return canaries;
    }

    private static PersistentMemory memory() {
        return new MemoryMedium(4096, PersistenceDomain.CACHE_LINE).memory();
    }

    /// Where schedules come from: at most [#MOST] of them, or all there are.
    private static Map<String, Function<Long, Stream<Policy>>> policies() {
        Map<String, Function<Long, Stream<Policy>>> policies = new LinkedHashMap<>();
        policies.put("random", seed -> new SplittableRandom(seed).longs(MOST).mapToObj(each -> Policy.random(3, each)));
        policies.put(
                "pct", seed -> new SplittableRandom(seed).longs(MOST).mapToObj(each -> Policy.pct(4, LENGTH, each)));
        return policies;
    }

    @TestFactory
    Stream<DynamicTest> everyPolicyFindsWhatIsPlanted() {
        long seed = Seed.ofTest("ScheduleCanaryTest");
        List<DynamicTest> tests = new ArrayList<>();
        canaries()
                .forEach((name, canary) -> policies()
                        .forEach((kind, policy) -> tests.add(dynamicTest(name + ", " + kind, () -> {
                            int took =
                                    found(canary.apply(true), policy.apply(seed).iterator()::next, MOST);
                            System.out.println(name + ", " + kind + ": schedules=" + took);
                            assertThat(took).isPositive();
                            assertThat(found(
                                            canary.apply(false),
                                            policy.apply(seed).iterator()::next,
                                            MOST))
                                    .isZero();
                        }))));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> twoPreemptionsFindWhatIsPlanted() {
        return canaries().entrySet().stream()
                .map(canary -> dynamicTest(canary.getKey(), () -> {
                    int took = exhaustively(canary.getValue().apply(true));
                    System.out.println(canary.getKey() + ", up to two preemptions: schedules=" + took);
                    assertThat(took).isPositive();
                    assertThat(exhaustively(canary.getValue().apply(false))).isZero();
                }));
    }

    @TestFactory
    Stream<DynamicTest> aTokenLeadsThereAgain() {
        return canaries().entrySet().stream()
                .map(canary -> dynamicTest(canary.getKey(), () -> {
                    RacyProgram program = canary.getValue().apply(true);
                    SplittableRandom random = new SplittableRandom(Seed.ofTest("aTokenLeadsThereAgain"));
                    Outcome outcome;
                    Policy policy;
                    do {
                        policy = Policy.random(3, random.nextLong());
                        outcome = scheduler().run(program.threads(), policy);
                    } while (program.fault() == null);
                    String fault = program.fault();
                    assertThat(scheduler().run(program.threads(), Policy.parse(policy.token())))
                            .isEqualTo(outcome);
                    assertThat(program.fault()).isEqualTo(fault);
                    scheduler()
                            .run(program.threads(), Policy.parse(outcome.again().token()));
                    assertThat(program.fault()).isEqualTo(fault);
                }));
    }

    private interface Policies {
        @Nullable
        Policy next();
    }

    /// How many schedules it took; 0 when nothing was found.
    private static int found(RacyProgram program, Policies policies, int most) {
        for (int schedule = 1; schedule <= most; schedule++) {
            Policy policy = policies.next();
            if (policy == null) {
                return 0;
            }
            Outcome outcome = scheduler().run(program.threads(), policy);
            assertThat(outcome.wrong()).isNull();
            if (program.fault() != null) {
                return schedule;
            }
        }
        return 0;
    }

    private static int exhaustively(RacyProgram program) {
        int schedules = 0;
        for (int preemptions = 0; preemptions <= 2; preemptions++) {
            Preemptions all = new Preemptions(2, preemptions);
            for (Policy next = all.next(); next != null; next = all.next()) {
                Outcome outcome = scheduler().run(program.threads(), next);
                all.ran(outcome);
                assertThat(outcome.wrong()).isNull();
                schedules++;
                if (program.fault() != null) {
                    return schedules;
                }
            }
        }
        return 0;
    }
}
