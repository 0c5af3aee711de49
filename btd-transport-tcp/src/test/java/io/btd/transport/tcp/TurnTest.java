// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.transport.Connection;
import io.btd.api.transport.Connection.Turn;
import io.btd.api.transport.TransportOptions;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Callers take turns at the work of a connection.
class TurnTest {
    @TempDir
    Path folder;

    static Set<SocketMedium> media() {
        return EnumSet.of(SocketMedium.tcp(), SocketMedium.uds(), SocketMedium.NIO_TCP, SocketMedium.NIO_UDS);
    }

    private final Echo echo = new Echo();

    private Pair pair(Medium medium) {
        return new Pair(() -> medium, folder, TransportOptions.defaults().withThreads(1), () -> echo);
    }

    private Connection connect(Pair pair, Asker asker) throws InterruptedException {
        Connection near = pair.connect(asker);
        echo.connection = pair.accepted();
        return near;
    }

    private static final class Echo extends Seen {
        @Override
        public void frame(Inbound frame) {
            Pair.send(connection(), frame.header().requestId(), new byte[0]);
        }
    }

    /// Waits for answers by their numbers.
    private static final class Asker extends Seen {
        final Map<Long, CompletableFuture<Thread>> due = new ConcurrentHashMap<>();
        final AtomicBoolean busy = new AtomicBoolean();
        final AtomicInteger overlaps = new AtomicInteger();

        CompletableFuture<Thread> ask(Connection near, long id) {
            CompletableFuture<Thread> answer = new CompletableFuture<>();
            due.put(id, answer);
            Pair.send(near, id, new byte[64]);
            return answer;
        }

        @Override
        public boolean expectsFrames() {
            return !due.isEmpty();
        }

        @Override
        public void frame(Inbound frame) {
            if (!busy.compareAndSet(false, true)) {
                overlaps.incrementAndGet();
            }
            CompletableFuture<Thread> answer =
                    Objects.requireNonNull(due.remove(frame.header().requestId()), "answer nobody waits for");
            busy.set(false);
            answer.complete(Thread.currentThread());
        }
    }

    private static Turn turn(Connection near) {
        while (true) {
            Turn turn = near.turn();
            if (turn != null) {
                return turn;
            }
            near.execute(() -> {}); // its thread looks for wishes when it has done something
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @MethodSource("media")
    void anAnswerArrivesOnTheThreadWhoseTurnItIs(Medium medium) throws Exception {
        Asker asker = new Asker();
        try (Pair pair = pair(medium)) {
            Connection near = connect(pair, asker);
            CompletableFuture<Thread> answer;
            do { // a turn may end early, when the loop's thread was called for an earlier task
                try (Turn turn = turn(near)) {
                    assertThat(near.onThread()).isTrue();
                    answer = asker.ask(near, 1);
                    turn.until(answer);
                }
            } while (answer.get(1, TimeUnit.MINUTES) != Thread.currentThread());
            assertThat(near.onThread()).isFalse();
            CompletableFuture<Thread> after = new CompletableFuture<>();
            near.execute(() -> after.complete(Thread.currentThread()));
            assertThat(after.get(1, TimeUnit.MINUTES)).isNotEqualTo(Thread.currentThread());
            assertThat(asker.ask(near, 2).get(1, TimeUnit.MINUTES)).isEqualTo(after.join());
        }
    }

    @ParameterizedTest
    @MethodSource("media")
    void aTurnInWhichNothingHappensGivesWayToItsOwnThread(Medium medium) throws Exception {
        Asker asker = new Asker();
        try (Pair pair = pair(medium)) {
            Connection near = connect(pair, asker);
            CompletableFuture<Thread> never = new CompletableFuture<>();
            try (Turn turn = turn(near)) {
                turn.until(never);
            }
            assertThat(asker.ask(near, 1).get(1, TimeUnit.MINUTES)).isNotEqualTo(Thread.currentThread());
        }
    }

    @ParameterizedTest
    @MethodSource("media")
    void aTransportClosesWhileSomebodyHasATurn(Medium medium) throws Exception {
        try (Pair pair = pair(medium);
                var closer = Executors.newSingleThreadExecutor()) {
            Asker asker = new Asker();
            Connection near = connect(pair, asker);
            Future<?> closed;
            try (Turn turn = turn(near)) {
                closed = closer.submit(pair.near::close);
                turn.until(closed);
            }
            closed.get(1, TimeUnit.MINUTES);
            asker.why();
            assertThat(near.turn()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("media")
    void manyCallersWithAndWithoutTurnsGetTheirAnswers(Medium medium) throws Exception {
        int threads = 4;
        int each = 3000;
        Asker asker = new Asker();
        AtomicInteger taken = new AtomicInteger();
        try (Pair pair = pair(medium);
                var callers = Executors.newFixedThreadPool(threads)) {
            Connection near = connect(pair, asker);
            Future<?>[] ends = new Future<?>[threads];
            for (int t = 0; t < threads; t++) {
                long first = (long) t * each + 1;
                ends[t] = callers.submit(() -> {
                    for (long id = first; id < first + each; id++) {
                        Turn turn = id == 1 ? turn(near) : near.turn(); // one at least insists
                        CompletableFuture<Thread> answer = asker.ask(near, id);
                        if (turn != null) {
                            taken.incrementAndGet();
                            turn.until(answer);
                            turn.close();
                        }
                        answer.get(1, TimeUnit.MINUTES);
                    }
                    return null;
                });
            }
            for (Future<?> end : ends) {
                end.get(2, TimeUnit.MINUTES);
            }
            assertThat(asker.overlaps).hasValue(0);
            assertThat(taken).hasPositiveValue();
            Leaks.none(pair.near, pair.far);
        }
    }
}
