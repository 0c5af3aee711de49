// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.btd.api.BtdCluster;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.Seed;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.explore.RaceExploration.Schedule;
import io.btd.emulator.net.fault.FilteredCluster;
import io.btd.emulator.schedule.LogicalThread;
import io.btd.emulator.schedule.Policy;
import io.btd.emulator.schedule.Preemptions;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.Interleaving;
import io.btd.pmem.Medium;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Threads in every order, and crashes in the middle: no block is granted twice, nothing is lost, nothing leaks.
class RaceCrashTest {
    private static final int SCHEDULES = Seed.deep() ? 200_000 : 300;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @ParameterizedTest
    @EnumSource(
            value = PersistenceDomain.class,
            names = {"CACHE_LINE", "EADR", "PROCESS"})
    void noScheduleGrantsTwiceLosesOrLeaks(PersistenceDomain domain) {
        long seed = Seed.ofTest("RaceCrashTest");
        try (RaceExploration exploration = new RaceExploration(domain, seed, EmbeddedCluster::open, () -> false)) {
            for (int i = 0; i < SCHEDULES; i++) {
                RaceViolation violation = exploration.next();
                assertThat(violation == null ? List.of() : violation.lines()).isEmpty();
            }
            assertThat(exploration.schedules()).isEqualTo(SCHEDULES);
            assertThat(exploration.counts().recoveries()).isGreaterThan(SCHEDULES);
            assertThat(exploration.counts().nested()).isPositive();
        }
    }

    @Test
    void aTokenReplaysTheSame() {
        String token = "schedule/tight*malloc,swap-unlink+malloc,give,burst-put,take+-remove,copy/random:4:5eed";
        Schedule schedule = Schedule.parse(token);
        assertThat(new RaceViolation(
                                PersistenceDomain.CACHE_LINE,
                                schedule.race(),
                                schedule.policy(),
                                0,
                                List.of(),
                                "",
                                "",
                                List.of())
                        .token())
                .isEqualTo(token);
        assertThat(replayed(token)).isEqualTo(replayed(token)).contains("Switch");
        for (String wrong : List.of("schedule/malloc/at:0", "schedule/-malloc", "schedule/-melloc+-free/at:0")) {
            assertThatThrownBy(() -> Schedule.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// The schedule as it went, and how many images its crashes left.
    private static String replayed(String token) {
        try (RaceExploration exploration =
                new RaceExploration(PersistenceDomain.CACHE_LINE, 1, EmbeddedCluster::open, () -> false)) {
            RaceProgram.Result result = exploration.replay(Schedule.parse(token));
            assertThat(result.violation()).isNull();
            return result.outcome() + " " + exploration.counts().recoveries();
        }
    }

    // --- bugs planted between the program and the cluster, each found in a race that is known

    private record Planted(String race, Opening opening) {}

    private static Map<String, Planted> planted() {
        Map<String, Planted> planted = new LinkedHashMap<>();
        planted.put(
                "swap in two steps", new Planted("malloc-swap+malloc-swap", bug("getAndSet", (cluster, arguments) -> {
                    long before = cluster.getLong((long) arguments[0]);
                    cluster.putPointer((long) arguments[0], (long) arguments[1]);
                    return before;
                })));
        planted.put(
                "look, then unlink and free",
                new Planted(
                        "malloc,swap,malloc-unlink:2+malloc-unlink:2", bug("unlinkAndFree", (cluster, arguments) -> {
                            if (cluster.getLong((long) arguments[0]) != (long) arguments[1]) {
                                return false;
                            }
                            cluster.putPointer((long) arguments[0], (long) arguments[2]);
                            cluster.free((long) arguments[1]);
                            return true;
                        })));
        planted.put(
                "a cache that hands one block to two",
                new Planted("malloc,free-malloc+-malloc", RaceCrashTest::cached));
        planted.put(
                "a spin that nobody ends",
                new Planted("malloc-put+malloc-put", bug("roots.put", (cluster, arguments) -> {
                    while (true) {
                        Interleaving.spin();
                    }
                })));
        return planted;
    }

    /// A free is kept for the next malloc, which looks whether there is one, and then takes it.
    private static BtdCluster cached(Medium medium, boolean zeroOnFree) {
        BtdCluster cluster = EmbeddedCluster.open(medium, zeroOnFree);
        AtomicLong cache = new AtomicLong();
        return FilteredCluster.of(cluster, (method, arguments, real) -> {
            boolean racing = Thread.currentThread() instanceof LogicalThread;
            if (racing && method.equals("free") && cache.compareAndSet(0, (long) arguments[0])) {
                return null;
            }
            if (racing && method.equals("malloc") && cache.get() != 0) {
                long block = cache.get();
                Interleaving.point();
                cache.set(0);
                return block;
            }
            return real.get();
        });
    }

    private interface Call {
        Object instead(BtdCluster cluster, Object[] arguments);
    }

    /// Clusters on which one method is replaced, while threads race.
    private static Opening bug(String name, Call call) {
        return (medium, zeroOnFree) -> {
            BtdCluster cluster = EmbeddedCluster.open(medium, zeroOnFree);
            return FilteredCluster.of(
                    cluster,
                    (method, arguments, real) -> method.equals(name) && Thread.currentThread() instanceof LogicalThread
                            ? call.instead(cluster, arguments)
                            : real.get());
        };
    }

    @TestFactory
    Stream<DynamicTest> plantedBugsAreFoundAndReplayed() {
        return planted().entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    Planted planted = each.getValue();
                    RaceViolation found = Objects.requireNonNull(
                            search(planted.race(), planted.opening(), each.getKey()), "not found");
                    RaceViolation shrunk = RaceExploration.shrink(planted.opening(), found);
                    Schedule schedule = Schedule.parse(shrunk.token());
                    try (RaceExploration exploration =
                            new RaceExploration(PersistenceDomain.CACHE_LINE, 1, planted.opening(), () -> false)) {
                        assertThat(exploration.replay(schedule).violation()).isNotNull();
                    }
                    try (RaceExploration exploration =
                            new RaceExploration(PersistenceDomain.CACHE_LINE, 1, EmbeddedCluster::open, () -> false)) {
                        assertThat(exploration.replay(schedule).violation()).isNull();
                    }
                }));
    }

    private static @Nullable RaceViolation search(String text, Opening opening, String name) {
        Race race = Race.parse(text);
        int schedules = 0;
        try (RaceProgram program =
                new RaceProgram(Exploration.GEOMETRY, PersistenceDomain.CACHE_LINE, opening, () -> false)) {
            for (int preempted = 0; preempted <= 1; preempted++) {
                Preemptions all = new Preemptions(race.threads().size(), preempted);
                for (Policy next = all.next(); next != null; next = all.next()) {
                    RaceProgram.Result result = program.run(race, next, 20, ++schedules);
                    all.ran(result.outcome());
                    if (result.violation() != null) {
                        System.out.println(name + ": schedules=" + schedules + ", "
                                + result.violation().what());
                        return result.violation();
                    }
                }
            }
        }
        return null;
    }
}
