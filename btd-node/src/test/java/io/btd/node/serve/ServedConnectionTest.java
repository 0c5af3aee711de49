// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.Control;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.node.arena.NodeArena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What depends on when things happen, with a connection that the test moves on step by step.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServedConnectionTest {
    private static final long HEAVY = 2 * Weight.LIGHT_BYTES;
    /// Between two looks, in nanoseconds.
    private static final long PAUSE = 100_000;

    @TempDir
    Path folder;

    private final Workers workers = new Workers(1);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final FakeConnection connection = new FakeConnection();
    private final CountDownLatch workersMayGoOn = new CountDownLatch(1);
    private NodeArena arena;
    private Service service;
    private FrameHandler handler;

    @BeforeEach
    void open() throws InterruptedException {
        arena = NodeArena.open(
                BtdConfig.embedded(folder.resolve("arena"), 8L << 20).withDomain(PersistenceDomain.PROCESS));
        service = new Service(
                arena,
                new Service.Terms("btd", Optional.empty(), Duration.ofHours(1), Duration.ofHours(1), 16, 4),
                () -> true,
                workers,
                timer);
        handler = service.accept(connection, () -> new Endpoint("fake", "here"));
    }

    @AfterEach
    void close() {
        workersMayGoOn.countDown();
        handler.closed(new BtdException.NodeDown(0, "test ends", "none"));
        timer.shutdownNow();
        workers.close();
        arena.arena().close();
    }

    private Control.Welcome welcome() throws InterruptedException {
        handler.frame(FakeConnection.hello());
        connection.runTask();
        return (Control.Welcome) connection.sent.take().control();
    }

    private void request(Request request, long id, int deadline) {
        handler.frame(FakeConnection.request(request, id, service.incarnation(), deadline));
    }

    /// Keeps every worker from taking up anything.
    private void stopWorkers() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(64);
        for (int i = 0; i < 64; i++) {
            workers.execute(() -> {
                stopped.countDown();
                awaitUninterrupted(workersMayGoOn);
            });
        }
        assertThat(stopped.getCount()).isPositive();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRequestThatCameToItsTurnTooLateIsNotMade() throws Exception {
        welcome();
        stopWorkers();
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 1, 1);
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 2, 0);
        long sentAt = System.nanoTime();
        while (System.nanoTime() - sentAt < 2_000_000) {
            Thread.onSpinWait();
        }
        workersMayGoOn.countDown();
        for (int i = 0; i < 2; i++) {
            FakeConnection.Sent sent = connection.sent.take();
            if (sent.id() == 1) {
                assertThat(sent.response())
                        .isInstanceOfSatisfying(
                                Response.Failed.class,
                                failed -> assertThat(failed.error()).isInstanceOf(BtdException.Deadline.class));
            } else {
                assertThat(sent.response()).isInstanceOf(Response.Pointers.class);
            }
        }
        assertThat(arena.arena().stat().liveBlocks()).isEqualTo(2);
    }

    @Test
    void lightRequestsDoNotWaitForHeavyOnes() throws Exception {
        welcome();
        stopWorkers();
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 1, 0);
        request(new Request.Malloc(64, 1, Alloc.OPAQUE), 2, 0);
        assertThat(connection.sent.take().id()).isEqualTo(2);
        workersMayGoOn.countDown();
        assertThat(connection.sent.take().id()).isEqualTo(1);
    }

    @Test
    void aRequestThatComesTwiceWhileTheFirstRunsIsMadeOnce() throws Exception {
        welcome();
        stopWorkers();
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 1, 0);
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 1, 0);
        workersMayGoOn.countDown();
        assertThat(connection.sent.take().id()).isEqualTo(1);
        request(new Request.Ping(), 2, 0);
        assertThat(connection.sent.take().id()).isEqualTo(2);
        assertThat(arena.arena().stat().liveBlocks()).isEqualTo(2);
    }

    @Test
    void aClientThatDoesNotReadIsNotReadFrom() throws Exception {
        welcome();
        connection.writable = false;
        request(new Request.Ping(), 1, 0);
        request(new Request.Ping(), 2, 0);
        assertThat(connection.reading).containsExactly(false);
        connection.writable = true;
        handler.writable();
        handler.writable();
        assertThat(connection.reading).containsExactly(false, true);
        request(new Request.Ping(), 3, 0);
        assertThat(connection.reading).hasSize(2);
    }

    @Test
    void largeAnswersWaitUntilTheClientHasReadTheOthers() throws Exception {
        welcome();
        // Not by a request: its worker looks after the answer whether more may be sent, and would leave a task here.
        long block = arena.arena().heap().malloc(HEAVY, Alloc.OPAQUE);
        connection.writable = false;
        for (long id = 1; id < 4; id++) {
            request(new Request.Read(false, List.of(new Request.Range(block, (int) HEAVY))), id, 0);
        }
        for (long id = 1; id < 4; id++) {
            connection.runTask();
        }
        assertThat(connection.sent).isEmpty();
        connection.writable = true;
        handler.writable();
        for (long id = 1; id < 4; id++) {
            assertThat(((Response.Data) connection.sent.take().response())
                            .bytes()
                            .byteSize())
                    .isEqualTo(HEAVY);
        }
    }

    @Test
    void anAnswerFromAWorkerStopsTheReadingOnTheConnectionsThread() throws Exception {
        welcome();
        connection.writable = false;
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 1, 0);
        connection.runTask();
        assertThat(connection.reading).containsExactly(false);
    }

    @Test
    void anEndWaitsForWhatRunsAndGivesItBack() throws Exception {
        welcome();
        stopWorkers();
        request(new Request.Malloc(HEAVY, 1, Alloc.OPAQUE), 1, 0);
        request(new Request.Close(), 2, 0);
        request(new Request.Malloc(64, 1, Alloc.OPAQUE), 3, 0);
        workersMayGoOn.countDown();
        assertThat(connection.sent.take().id()).isEqualTo(1);
        assertThat(connection.sent.take()).satisfies(sent -> {
            assertThat(sent.id()).isEqualTo(2);
            assertThat(sent.response()).isEqualTo(new Response.Done());
        });
        assertThat(service.sessions().count()).isZero();
        assertThat(arena.arena().stat().liveBlocks()).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesBeforeItsWelcomeLeavesNoSession() throws Exception {
        handler.frame(FakeConnection.hello());
        while (service.sessions().count() == 0) {
            LockSupport.parkNanos(PAUSE); // before it is open, nothing is opened for a client that has gone
        }
        handler.closed(new BtdException.NodeDown(0, "gone", "none"));
        connection.runTask();
        while (service.sessions().count() > 0) {
            LockSupport.parkNanos(PAUSE);
        }
        assertThat(connection.sent).isEmpty();
    }

    @Test
    void nothingMayComeBetweenHelloAndWelcome() throws Exception {
        stopWorkers();
        handler.frame(FakeConnection.hello());
        request(new Request.Ping(), 1, 0);
        assertThat(connection.sent.take().control())
                .isInstanceOfSatisfying(
                        Control.Goodbye.class,
                        goodbye -> assertThat(goodbye.reason()).isInstanceOf(BtdException.Protocol.class));
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void aBatchWhoseAnswersFitIntoNoFrameIsNotMade() throws Exception {
        welcome();
        request(new Request.Malloc(4 << 20, 1, Alloc.OPAQUE), 1, 0);
        long block = ((Response.Pointers) connection.sent.take().response()).pointers()[0];
        Request read = new Request.Read(false, List.of(new Request.Range(block, 4 << 20)));
        request(new Request.Batch(java.util.Collections.nCopies(20, read)), 2, 0);
        assertThat(connection.sent.take().response())
                .isInstanceOfSatisfying(
                        Response.Failed.class,
                        failed -> assertThat(failed.error()).isInstanceOf(BtdException.InvalidSize.class));
        request(new Request.Batch(List.of(read, new Request.GetAndAdd(block, 1))), 3, 0);
        List<Response> results = ((Response.Results) connection.sent.take().response()).results();
        assertThat(((Response.Data) results.get(0)).bytes().byteSize()).isEqualTo(4 << 20);
        assertThat(results.get(1)).isEqualTo(new Response.Value(0));
    }
}
