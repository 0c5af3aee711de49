// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.emulator.crash.CrashHook;
import io.btd.pmem.Interleaving;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Threads that wait: for a lock, for a flag, for each other, for ever.
class SchedulerTest {
    private static final int LIMIT = 2000;

    private final Scheduler scheduler = new Scheduler(3, LIMIT);

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void aThreadThatSpinsLetsOthersOn() {
        AtomicBoolean flag = new AtomicBoolean();
        Outcome outcome = scheduler.run(
                List.of(
                        () -> {
                            while (!flag.get()) {
                                Interleaving.spin();
                            }
                        },
                        () -> flag.set(true)),
                Policy.exactly(0, List.of()));
        assertThat(outcome.wrong()).isNull();
    }

    @Test
    void aThreadThatPausesLetsOthersOnUnderEveryPolicy() {
        for (String policy : List.of("random:2:1", "random:9:2", "pct:3:10:3", "pct:1:10:4", "at:0", "at:1:1.0")) {
            AtomicBoolean flag = new AtomicBoolean();
            Outcome outcome = scheduler.run(
                    List.of(
                            () -> {
                                while (!flag.get()) {
                                    Interleaving.pause(1000);
                                }
                            },
                            () -> {
                                for (int i = 0; i < 5; i++) {
                                    Interleaving.point();
                                }
                                flag.set(true);
                            }),
                    Policy.parse(policy));
            assertThat(outcome.wrong()).as(policy).isNull();
        }
    }

    @Test
    void flagThatNobodySetsIsADeadlock() {
        AtomicBoolean flag = new AtomicBoolean();
        Runnable waiter = () -> {
            while (!flag.get()) {
                Interleaving.spin();
            }
        };
        assertThat(scheduler.run(List.of(waiter, waiter), Policy.random(2, 1)).wrong())
                .contains("deadlock");
        assertThat(scheduler.run(List.of(waiter), Policy.random(2, 1)).wrong()).contains("deadlock");
    }

    @Test
    void loopThatNeverEndsIsReported() {
        Runnable busy = () -> {
            while (true) {
                Interleaving.point();
            }
        };
        assertThat(scheduler.run(List.of(busy, busy), Policy.random(2, 1)).wrong())
                .contains("does not end");
    }

    /// Two locks in two orders: some schedule locks both threads out, and not every one does.
    @Test
    void locksInTwoOrdersAreADeadlockInSomeSchedules() {
        Set<Boolean> ends = new HashSet<>();
        Preemptions all = new Preemptions(2, 1);
        for (Policy next = all.next(); next != null; next = all.next()) {
            Lock one = new ReentrantLock();
            Lock other = new ReentrantLock();
            Outcome outcome = scheduler.run(List.of(() -> both(one, other), () -> both(other, one)), next);
            all.ran(outcome);
            ends.add(outcome.wrong() == null);
        }
        assertThat(ends).containsExactlyInAnyOrder(true, false);
    }

    private static void both(Lock first, Lock second) {
        Interleaving.lock(first);
        try {
            Interleaving.point();
            Interleaving.lock(second);
            second.unlock();
        } finally {
            first.unlock();
        }
    }

    @Test
    void aMonitorThatTheSchedulerDoesNotSeeDoesNotHangIt() {
        Object monitor = new Object();
        List<Integer> order = new ArrayList<>();
        Runnable holder = () -> {
            synchronized (monitor) {
                Interleaving.point();
                Interleaving.point();
                order.add(0);
            }
        };
        Runnable other = () -> {
            synchronized (monitor) {
                order.add(1);
            }
        };
        // The first is stopped in the monitor; the second blocks, and loses the turn.
        Outcome outcome = scheduler.run(List.of(holder, other), Policy.parse("at:0:1.1"));
        assertThat(outcome.wrong()).isNull();
        assertThat(order).containsExactly(0, 1);
    }

    @Test
    void monitorsInTwoOrdersAreADeadlockAndTheSchedulerGoesOn() {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        Outcome outcome =
                scheduler.run(List.of(() -> unseen(one, other), () -> unseen(other, one)), Policy.parse("at:0:1.1"));
        assertThat(outcome.wrong()).contains("deadlock");
        assertThat(scheduler
                        .run(List.of(() -> {}, () -> {}), Policy.parse("at:1"))
                        .wrong())
                .isNull();
    }

    private static void unseen(Lock first, Lock second) {
        first.lock();
        Interleaving.point();
        second.lock();
    }

    @Test
    void whatAProgramThrowsIsReported() {
        Outcome outcome = scheduler.run(
                List.of(
                        () -> {
                            throw new IllegalArgumentException("planted");
                        },
                        () -> {}),
                Policy.random(2, 1));
        assertThat(outcome.wrong()).contains("thread 0").contains("planted");
    }

    @Test
    void everyScheduleWithOnePreemptionIsTriedOnce() {
        Set<String> seen = new HashSet<>();
        Preemptions all = new Preemptions(2, 1);
        int schedules = 0;
        for (Policy next = all.next(); next != null; next = all.next()) {
            StringBuilder order = new StringBuilder();
            Outcome outcome = scheduler.run(List.of(() -> three(order, 'a'), () -> three(order, 'b')), next);
            all.ran(outcome);
            seen.add(order.toString());
            schedules++;
        }
        assertThat(seen).containsExactlyInAnyOrder("aaabbb", "abbbaa", "aabbba", "bbbaaa", "baaabb", "bbaaab");
        assertThat(schedules).isLessThan(40);
    }

    private static void three(StringBuilder order, char name) {
        for (int i = 0; i < 3; i++) {
            Interleaving.point();
            order.append(name);
        }
    }

    @Test
    void tokensAreReadAndWritten() {
        for (String token : List.of("random:8:5eed", "pct:3:240:5eed", "at:1:57.0:80.1", "at:0", "stop:1:57.0:80.0")) {
            assertThat(Policy.parse(token).token()).isEqualTo(token);
        }
        assertThatThrownBy(() -> Policy.parse("never:1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Policy.parse("at:1:2")).isInstanceOf(IllegalArgumentException.class);
    }
}
