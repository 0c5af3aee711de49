// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Plan PLAN = new Plan(1000, 3, 1000, 7);

    private final List<String> told = new ArrayList<>();
    private final RoundsObserver observer = new RoundsObserver() {
        @Override
        public void turn(String phase, int done, int all, Case what) {
            told.add(phase + " " + done + "/" + all);
        }

        @Override
        public void failed(Case what, String reason) {
            told.add("failed: " + reason);
        }
    };

    private static Case what(String system, Shape shape) {
        return new Case(system, Operation.ECHO, "echo", Link.TCP, shape);
    }

    private static Caller caller(AtomicInteger calls, AtomicInteger closed, int failAt) {
        return new Caller() {
            @Override
            public void call() throws IOException {
                if (calls.incrementAndGet() == failAt) {
                    throw new IOException("call number " + failAt);
                }
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    void everyRoundOfEverybodyIsThere() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        Shape shape = Shape.connections(3);
        Subject subject = new BlockingSubject(what("a", shape), _ -> caller(calls, closed, -1));
        List<Outcome> outcomes =
                new Rounds(PLAN, observer).run(List.of(new Contestant(subject, () -> calls.get() * 1000L)));
        Outcome outcome = outcomes.getFirst();
        assertThat(outcome.usable()).isTrue();
        assertThat(outcome.rounds()).hasSize(3);
        assertThat(outcome.operations()).isGreaterThanOrEqualTo(9).isLessThan(calls.get());
        assertThat(outcome.serverCpuMicros()).isEqualTo(1.0);
        assertThat(closed.get()).isEqualTo(3);
        assertThat(told).startsWith("warm-up 0/4", "round 1 of 3 1/4").hasSize(4);
    }

    @Test
    void aBatchCountsAsManyOperations() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Subject subject = new BlockingSubject(what("a", Shape.batch(256)), _ -> caller(calls, new AtomicInteger(), -1));
        Outcome outcome = new Rounds(PLAN, observer)
                .run(List.of(new Contestant(subject, () -> 0)))
                .getFirst();
        assertThat(outcome.operations() % 256).isZero();
        assertThat(outcome.operations()).isLessThan(calls.get() * 256L).isPositive();
    }

    @Test
    void whoFailsIsGivenUpAndTheOthersGoOn() throws InterruptedException {
        Subject bad =
                new BlockingSubject(what("bad", Shape.ALONE), _ -> caller(new AtomicInteger(), new AtomicInteger(), 1));
        Subject good = new BlockingSubject(
                what("good", Shape.ALONE), _ -> caller(new AtomicInteger(), new AtomicInteger(), -1));
        List<Outcome> outcomes =
                new Rounds(PLAN, observer).run(List.of(new Contestant(bad, () -> 0), new Contestant(good, () -> 0)));
        assertThat(outcomes.getFirst().usable()).isFalse();
        assertThat(outcomes.getFirst().failure()).hasValue("call number 1");
        assertThat(outcomes.getLast().usable()).isTrue();
        assertThat(told).containsOnlyOnce("failed: call number 1");
    }

    @Test
    void aWindowHasEachSlotOnceAndEndsEmpty() throws IOException {
        Set<Integer> underWay = ConcurrentHashMap.newKeySet();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        Starter starter = new Starter() {
            @Override
            public void start(int slot, Window window) {
                assertThat(underWay.add(slot)).as("slot=%d", slot).isTrue();
                most.accumulateAndGet(underWay.size(), Math::max);
                Thread.startVirtualThread(() -> {
                    underWay.remove(slot);
                    ended.incrementAndGet();
                    window.ended(slot);
                });
            }

            @Override
            public void close() {}
        };
        Slice slice = new Slice(20_000_000);
        new Window(16).run(starter, slice);
        assertThat(underWay).isEmpty();
        assertThat(most.get()).isBetween(1, 16);
        assertThat(slice.latencies().getTotalCount()).isEqualTo(ended.get());
    }

    @Test
    void aFailureEndsTheWindow() {
        Starter starter = new Starter() {
            @Override
            public void start(int slot, Window window) {
                Thread.startVirtualThread(() -> window.failed(new IOException("gone")));
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> new Window(4).run(starter, new Slice(1000))).hasMessage("gone");
    }
}
