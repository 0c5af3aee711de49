// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.TransportOptions;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every transport of frames promises, whatever carries them.
abstract class TransportContractTest {
    private final Supplier<? extends Medium> media;

    @TempDir
    Path folder;

    TransportContractTest(Supplier<? extends Medium> media) {
        this.media = media;
    }

    @BeforeEach
    void watchBuffers() {
        Leaks.watch();
    }

    private Pair pair(TransportOptions options, Seen far) {
        return new Pair(media, folder, options, () -> far);
    }

    private static TransportOptions options() {
        return TransportOptions.defaults();
    }

    @Test
    void framesOfAnySizeArriveWholeAndInOrder() throws Exception {
        SplittableRandom random = Seed.roll();
        Seen far = new Seen();
        try (Pair pair = pair(options(), far)) {
            Connection near = pair.connect(new Seen());
            List<byte[]> sent = new ArrayList<>();
            for (int bytes : new int[] {0, 1, 100, 4096, 65_000, 65_536, 70_000, 1 << 20, FrameHeader.MAX_PAYLOAD, 3}) {
                byte[] payload = new byte[bytes];
                random.nextBytes(payload);
                sent.add(payload);
                Pair.send(near, sent.size(), payload);
            }
            for (int i = 0; i < sent.size(); i++) {
                Seen.Frame frame = far.next();
                long id = i + 1L;
                assertThat(frame.header()).isEqualTo(new FrameHeader(sent.get(i).length, 16, 1, id, id + 1, id + 2, 7));
                assertThat(frame.crc()).isEqualTo(FrameHeaders.crc(MemorySegment.ofArray(sent.get(i))));
            }
            assertThat(far.parts).as("parts of long frames").hasPositiveValue();
            Leaks.none(pair.near, pair.far);
        }
    }

    @Test
    void whatManyThreadsSendArrivesAndEachThreadsInOrder() throws Exception {
        int threads = 8;
        int each = 3000;
        SplittableRandom random = Seed.roll();
        long[] last = new long[threads];
        Seen far = new Seen() {
            @Override
            public void frame(Inbound frame) {
                int thread = (int) (frame.header().requestId() >>> 32);
                long id = frame.header().requestId() & 0xffff_ffffL;
                assertThat(id).isEqualTo(++last[thread]);
                super.frame(frame);
            }
        };
        try (Pair pair = pair(options(), far)) {
            Connection near = pair.connect(new Seen());
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                long thread = t;
                SplittableRandom own = random.split();
                senders.add(Thread.ofVirtual().start(() -> {
                    for (int i = 1; i <= each; i++) {
                        Pair.send(near, thread << 32 | i, new byte[own.nextInt(300)]);
                    }
                }));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            for (int i = 0; i < threads * each; i++) {
                far.next();
            }
            assertThat(last).containsOnly(each);
            assertThat(far.ends).hasValue(0);
        }
    }

    @Test
    void aHundredThousandFramesArePipelinedAndAnswered() throws Exception {
        int frames = 100_000;
        int held = 2000;
        CountDownLatch first = new CountDownLatch(held);
        CountDownLatch answers = new CountDownLatch(frames);
        Seen asking = new Seen() {
            @Override
            public void frame(Inbound frame) {
                first.countDown();
                answers.countDown();
            }
        };
        Echo echo = new Echo();
        try (Pair pair = new Pair(media, folder, options(), () -> echo)) {
            Connection near = pair.connect(asking);
            Connection there = pair.accepted();
            echo.connection = there;
            byte[] payload = new byte[64];
            stopReading(there); // so that the frames are there together, however fast they are answered
            for (int i = 0; i < held; i++) {
                Pair.send(near, i, payload);
            }
            there.setReading(true);
            assertThat(first.await(1, TimeUnit.MINUTES)).isTrue();
            // Many frames came in each burst, or nothing was pipelined.
            assertThat(echo.bursts.get()).isPositive().isLessThan(held / 4);
            for (int i = held; i < frames; i++) {
                Pair.send(near, i, payload);
            }
            assertThat(answers.await(5, TimeUnit.MINUTES)).isTrue();
            Leaks.none(pair.near, pair.far);
        }
    }

    @Test
    void aReaderThatStopsMakesTheWriterUnwritableAndThenGetsEverything() throws Exception {
        Seen far = new Seen();
        Seen writing = new Seen();
        try (Pair pair = pair(options(), far)) {
            Connection near = pair.connect(writing);
            Connection there = pair.accepted();
            Pair.send(near, 0, new byte[1]);
            far.next();
            stopReading(there);
            byte[] payload = new byte[10_000];
            int sent = 0;
            while (near.isWritable()) {
                Pair.send(near, ++sent, payload);
                CountDownLatch passed = new CountDownLatch(1);
                near.execute(passed::countDown);
                passed.await();
            }
            // What the sockets of both sides hold is the system's; of ours the watermark is the bound.
            assertThat(pair.near.buffers().metric().usedDirectMemory()).isLessThan(64L << 20);
            assertThat(pair.far.buffers().metric().usedDirectMemory()).isLessThan(64L << 20);
            assertThat(far.count).hasValue(1);
            there.setReading(true);
            // It may have come before: the sockets of both sides can grow.
            assertThat(writing.writable.poll(1, TimeUnit.MINUTES)).isTrue();
            for (int i = 1; i <= sent; i++) {
                assertThat(far.next().header().requestId()).isEqualTo(i);
            }
            Leaks.none(pair.near, pair.far);
        }
    }

    @Test
    void noFrameIsDeliveredAfterTheHandlerStoppedReading() throws Exception {
        int frames = 2000;
        Semaphore delivered = new Semaphore(0);
        Seen far = new Seen() {
            @Override
            public void frame(Inbound frame) {
                connection().setReading(false);
                super.frame(frame);
                delivered.release();
            }
        };
        try (Pair pair = pair(options(), far)) {
            Connection near = pair.connect(new Seen());
            far.connection = pair.accepted();
            for (int i = 0; i < frames; i++) {
                Pair.send(near, i, new byte[100]);
            }
            for (int i = 1; i <= frames; i++) {
                delivered.acquire();
                assertThat(far.count).hasValue(i);
                far.connection().setReading(true);
            }
            assertThat(delivered.tryAcquire()).isFalse();
        }
    }

    @Test
    void framesLargerTogetherThanTheStagingAllArrive() throws Exception {
        TransportOptions tight = new TransportOptions(
                2,
                FrameHeader.MAX_PAYLOAD,
                1 << 20,
                256 << 10,
                1 << 20,
                options().frameTimeout());
        Seen far = new Seen();
        try (Pair pair = pair(tight, far)) {
            int connections = 8;
            List<Thread> senders = new ArrayList<>();
            for (int c = 0; c < connections; c++) {
                Connection near = pair.connect(new Seen());
                senders.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 4; i++) {
                        Pair.send(near, i, new byte[3 << 20]);
                    }
                }));
            }
            for (int i = 0; i < connections * 4; i++) {
                assertThat(far.next().header().payloadBytes()).isEqualTo(3 << 20);
                assertThat(pair.far.staging().taken()).isLessThan((1 << 20) + (4 << 20));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            Leaks.none(pair.near, pair.far);
            assertThat(pair.far.staging().taken()).isZero();
        }
    }

    @Test
    void whatWasSentBeforeClosingArrives() throws Exception {
        Seen far = new Seen();
        Seen here = new Seen();
        try (Pair pair = pair(options(), far)) {
            Connection near = pair.connect(here);
            for (int i = 0; i < 200; i++) {
                Pair.send(near, i, new byte[100_000]);
            }
            near.close();
            near.close();
            Pair.send(near, 1000, new byte[10]);
            assertThat(far.why()).isInstanceOf(BtdException.NodeDown.class);
            assertThat(far.count).hasValue(200);
            assertThat(here.why()).isInstanceOf(BtdException.Closed.class);
            assertThat(near.isOpen()).isFalse();
            Leaks.none(pair.near, pair.far);
            assertThat(here.ends).hasValue(1);
            assertThat(far.ends).hasValue(1);
        }
    }

    @Test
    void closingWhileOthersSendHarmsNothing() throws Exception {
        Seen far = new Seen();
        try (Pair pair = pair(options(), far)) {
            for (int round = 0; round < 20; round++) {
                Seen here = new Seen();
                Connection near = pair.connect(here);
                Connection there = pair.accepted();
                CountDownLatch going = new CountDownLatch(4);
                List<Thread> senders = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    senders.add(Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < 500; i++) {
                            Pair.send(near, i, new byte[1000]);
                            going.countDown();
                        }
                    }));
                }
                going.await();
                (round % 2 == 0 ? near : there).close();
                here.why();
                for (Thread sender : senders) {
                    sender.join();
                }
            }
            Leaks.none(pair.near, pair.far);
        }
    }

    @Test
    void aHandlerThatThrowsLosesItsConnectionOnly() throws Exception {
        Seen far = new Seen() {
            @Override
            public void frame(Inbound frame) {
                if (frame.header().requestId() == 13) {
                    throw new IllegalStateException("planted");
                }
                super.frame(frame);
            }
        };
        try (Pair pair = pair(options(), far)) {
            Seen victim = new Seen();
            Connection bystander = pair.connect(new Seen());
            Pair.send(pair.connect(victim), 13, new byte[20]);
            assertThat(victim.why()).isInstanceOf(BtdException.NodeDown.class);
            assertThat(far.why()).hasMessageContaining("planted").isInstanceOf(BtdException.Closed.class);
            Pair.send(bystander, 5, new byte[20]);
            assertThat(far.next().header().requestId()).isEqualTo(5);
        }
    }

    @Test
    void aRetainedFrameStaysUntilReleased() throws Exception {
        List<io.btd.api.transport.FrameHandler.Inbound> kept = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(100);
        Seen far = new Seen() {
            @Override
            public void frame(Inbound frame) {
                frame.retain();
                kept.add(frame);
                all.countDown();
            }
        };
        SplittableRandom random = Seed.roll();
        try (Pair pair = pair(options(), far)) {
            Connection near = pair.connect(new Seen());
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] payload = new byte[random.nextInt(20_000)];
                random.nextBytes(payload);
                sent.add(payload);
                Pair.send(near, i, payload);
            }
            assertThat(all.await(1, TimeUnit.MINUTES)).isTrue();
            near.close();
            far.why();
            for (int i = 0; i < 100; i++) {
                var frame = kept.get(i);
                assertThat(frame.payload().isReadOnly()).isTrue();
                assertThat(frame.payload().mismatch(MemorySegment.ofArray(sent.get(i))))
                        .isEqualTo(-1);
                frame.release();
                assertThatThrownBy(frame::release).isInstanceOf(IllegalStateException.class);
            }
            Leaks.none(pair.near, pair.far);
        }
    }

    @Test
    void connectingToNobodyIsNodeDown() {
        try (Pair pair = pair(options(), new Seen())) {
            pair.listener.close();
            Seen here = new Seen();
            assertThatThrownBy(() -> pair.near.connect(pair.endpoint, here, Duration.ofSeconds(5)))
                    .isInstanceOf(BtdException.NodeDown.class)
                    .hasMessageContaining(pair.endpoint.toString());
            assertThat(here.ends).hasValue(0);
        }
    }

    @Test
    void wrongEndpointsAreTyped() {
        try (Pair pair = pair(options(), new Seen())) {
            assertThatThrownBy(() -> pair.near.listen(pair.endpoint, connection -> new Seen()))
                    .isInstanceOf(BtdException.InvalidConfig.class)
                    .hasMessageContaining("cannot listen");
            assertThatThrownBy(() -> pair.near.connect(new Endpoint("other", "x:1"), new Seen(), Pair.SOON))
                    .isInstanceOf(BtdException.InvalidConfig.class);
            Connection near = pair.connect(new Seen());
            assertThatThrownBy(() -> near.allocate(FrameHeader.MAX_PAYLOAD + 1))
                    .isInstanceOf(BtdException.InvalidSize.class);
            assertThatThrownBy(() -> near.allocate(-1)).isInstanceOf(BtdException.InvalidSize.class);
            pair.near.close();
            assertThatThrownBy(() -> pair.connect(new Seen())).isInstanceOf(BtdException.Closed.class);
            assertThatThrownBy(() -> near.execute(() -> {})).isInstanceOf(BtdException.Closed.class);
        }
    }

    @Test
    void anAcceptorThatThrowsRefuses() {
        try (Pair pair = new Pair(media, folder, options(), () -> {
            throw new IllegalStateException("planted");
        })) {
            Seen here = new Seen();
            pair.connect(here);
            assertThat(here.why()).isInstanceOf(BtdException.NodeDown.class);
        }
    }

    @Test
    void closingTheTransportEndsEverythingAndItsThreads() throws Exception {
        Seen far = new Seen();
        Seen here = new Seen();
        Pair pair = pair(options(), far);
        try (pair) {
            Connection near = pair.connect(here);
            Pair.send(near, 1, new byte[8]);
            far.next();
            assertThat(Leaks.threads(pair.near)).isNotEmpty();
        }
        assertThat(here.why()).isInstanceOf(BtdException.Closed.class);
        far.why();
        assertThat(pair.near.threads().group().isTerminated()).isTrue();
        assertThat(pair.far.threads().group().isTerminated()).isTrue();
        Leaks.nothingPooled(pair.near);
        Leaks.nothingPooled(pair.far);
    }

    @Test
    void aThousandConnectionsLeaveNothing() throws Exception {
        try (Pair pair = new Pair(media, folder, options(), Seen::new)) {
            connectAndLeave(pair, 50);
            Leaks.allClosed(pair.near, pair.far);
            Leaks.none(pair.near, pair.far);
            int descriptors = Leaks.descriptors();
            long memory = Leaks.pooled(pair.near, pair.far);
            connectAndLeave(pair, 1000);
            Leaks.allClosed(pair.near, pair.far);
            Leaks.none(pair.near, pair.far);
            assertThat(Leaks.descriptors()).isLessThanOrEqualTo(descriptors);
            // Nothing is in use; how large the pools are depends on how many connections ended at the same time.
            assertThat(Leaks.pooled(pair.near, pair.far)).isLessThan(memory + (16L << 20));
        }
    }

    /// Nothing is read any more when this returns.
    private static void stopReading(Connection connection) throws InterruptedException {
        connection.setReading(false);
        CountDownLatch stopped = new CountDownLatch(1);
        connection.execute(stopped::countDown);
        stopped.await();
    }

    private static void connectAndLeave(Pair pair, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Seen here = new Seen();
            Connection near = pair.connect(here);
            Connection there = pair.accepted();
            Pair.send(near, i, new byte[200]);
            (i % 2 == 0 ? near : there).close();
            here.why();
        }
    }

    /// Sends back what arrives, from the I/O thread.
    private static final class Echo extends Seen {
        @Override
        public void frame(Inbound frame) {
            Connection to = connection();
            Connection.Outbound answer = to.allocate(frame.header().payloadBytes());
            answer.payload().copyFrom(frame.payload());
            to.send(answer, 144, 0, frame.header().requestId(), 0, 0, 0);
        }
    }
}
