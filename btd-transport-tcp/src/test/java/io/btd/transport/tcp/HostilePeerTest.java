// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import io.btd.api.transport.Connection;
import io.btd.api.transport.TransportOptions;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import io.btd.api.wire.MessageType;
import io.netty.buffer.PoolArenaMetric;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A raw socket says what no client says. The connection ends with a reason, and nothing else does.
final class HostilePeerTest {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHECKED = 36;

    private final LinkedBlockingQueue<Seen> accepted = new LinkedBlockingQueue<>();
    private final SplittableRandom random = Seed.roll();
    private Pair pair;
    private Connection bystander;
    private Seen bystanderFar;

    HostilePeerTest() throws Exception {
        Leaks.watch();
        open(TransportOptions.defaults());
    }

    private void open(TransportOptions options) throws Exception {
        pair = new Pair(SocketMedium::tcp, Path.of("unused"), options, () -> {
            Seen seen = new Seen();
            accepted.add(seen);
            return seen;
        });
        bystander = pair.connect(new Seen());
        bystanderFar = newest();
    }

    @BeforeEach
    void bystanderIsServed() throws Exception {
        Pair.send(bystander, 1, new byte[100]);
        assertThat(bystanderFar.next().header().requestId()).isEqualTo(1);
    }

    /// Others were not disturbed, new ones are let in, and nothing is left of the hostile one.
    @AfterEach
    void theOthersGoOn() throws Exception {
        try (Pair closing = pair) {
            Pair.send(bystander, 2, new byte[100]);
            assertThat(bystanderFar.next().header().requestId()).isEqualTo(2);
            Pair.send(pair.connect(new Seen()), 3, new byte[100]);
            assertThat(newest().next().header().requestId()).isEqualTo(3);
            Leaks.none(closing.near, closing.far);
        }
    }

    @Test
    void garbage() throws Exception {
        for (int round = 0; round < 50; round++) {
            byte[] garbage = new byte[FrameHeader.BYTES + random.nextInt(100_000)];
            random.nextBytes(garbage);
            assertThat(refusal(garbage)).isInstanceOf(BtdException.Protocol.class);
        }
    }

    @Test
    void anyBitOfTheHeaderFlipped() throws Exception {
        byte[] payload = new byte[random.nextInt(200)];
        for (int bit = 0; bit < FrameHeader.BYTES * 8; bit += 1 + random.nextInt(4)) {
            byte[] frame = frame(payload);
            frame[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(refusal(frame)).as("bit %d", bit).hasMessageContaining("checksum");
        }
    }

    @Test
    void aBitOfThePayloadFlipped() throws Exception {
        for (int bytes : new int[] {0, 1, 100, 70_000, 1 << 20}) {
            byte[] payload = new byte[bytes];
            random.nextBytes(payload);
            byte[] frame = frame(payload);
            int bit = random.nextInt((bytes + FrameHeader.TRAILER) * 8);
            frame[FrameHeader.BYTES + bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(refusal(frame))
                    .isInstanceOf(BtdException.Protocol.class)
                    .hasMessageContaining("payload of a frame damaged");
        }
    }

    @Test
    void goodFramesBeforeABadOneAreDelivered() throws Exception {
        byte[] good = frame(new byte[50]);
        byte[] bad = frame(new byte[50]);
        bad[60] ^= 1;
        byte[] both = Arrays.copyOf(good, good.length + bad.length);
        System.arraycopy(bad, 0, both, good.length, bad.length);
        try (Socket socket = raw()) {
            socket.getOutputStream().write(both);
            Seen seen = newest();
            assertThat(seen.why()).isInstanceOf(BtdException.Protocol.class);
            assertThat(seen.count).hasValue(1);
            assertThat(goodbye(socket)).isInstanceOf(BtdException.Protocol.class);
        }
    }

    @Test
    void lengthsOutOfRange() throws Exception {
        for (int length : new int[] {0, 43, FrameHeader.MAX_PAYLOAD + 45, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            byte[] frame = frame(new byte[10]);
            MemorySegment.ofArray(frame).set(U32, 0, length);
            assertThat(refusal(resummed(frame))).hasMessageContaining("length");
        }
    }

    @Test
    void anotherVersion() throws Exception {
        byte[] frame = frame(new byte[10]);
        frame[4] = 2;
        assertThat(refusal(resummed(frame))).hasMessageContaining("version=2");
    }

    @Test
    void memoryFollowsWhatArrivesNotWhatIsAnnounced() throws Exception {
        byte[] frame = frame(new byte[0]);
        MemorySegment.ofArray(frame).set(U32, 0, FrameHeader.MAX_PAYLOAD + 44);
        byte[] head = Arrays.copyOf(resummed(frame), FrameHeader.BYTES + 1000);
        Seen seen;
        try (Socket socket = raw()) {
            seen = newest();
            socket.getOutputStream().write(head);
        }
        assertThat(seen.why()).isInstanceOf(BtdException.NodeDown.class).hasMessageContaining("arrived=1040");
        for (PoolArenaMetric arena : pair.far.buffers().metric().directArenas()) {
            assertThat(arena.numHugeAllocations()).isZero();
        }
        assertThat(Leaks.pooled(pair.far)).isLessThan(FrameHeader.MAX_PAYLOAD / 2);
    }

    @Test
    void truncated() throws Exception {
        byte[] whole = frame(new byte[1000]);
        for (int cut : new int[] {1, 39, 40, 41, 500, whole.length - 1}) {
            Seen seen;
            try (Socket socket = raw()) {
                socket.getOutputStream().write(whole, 0, cut);
                seen = newest();
            }
            assertThat(seen.why()).isInstanceOf(BtdException.NodeDown.class);
            assertThat(seen.count).hasValue(0);
            assertThat(seen.ends).hasValue(1);
        }
    }

    @Test
    void halfClosed() throws Exception {
        try (Socket socket = raw()) {
            socket.getOutputStream().write(frame(new byte[10]));
            socket.shutdownOutput();
            Seen seen = newest();
            assertThat(seen.why()).isInstanceOf(BtdException.NodeDown.class);
            assertThat(seen.count).hasValue(1);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aByteAtATimeIsAFrameToo() throws Exception {
        byte[] frame = frame(new byte[300]);
        try (Socket socket = raw()) {
            socket.setTcpNoDelay(true);
            for (byte one : frame) {
                socket.getOutputStream().write(one);
            }
            assertThat(newest().next().header().payloadBytes()).isEqualTo(300);
        }
    }

    @Test
    void aFrameThatNeverEnds() throws Exception {
        pair.close();
        open(TransportOptions.defaults().withFrameTimeout(Duration.ofMillis(200)));
        bystanderIsServed();
        for (int cut : new int[] {1, 40, 700}) {
            try (Socket socket = raw()) {
                Seen seen = newest();
                socket.getOutputStream().write(frame(new byte[1000]), 0, cut);
                assertThat(seen.why())
                        .isInstanceOf(BtdException.Protocol.class)
                        .hasMessageContaining("in time")
                        .hasMessageContaining("arrived=" + cut);
                assertThat(goodbye(socket)).isInstanceOf(BtdException.Protocol.class);
            }
        }
    }

    @Test
    void whoTakesStagingAndStopsHoldsUpTheOthersForTheirTimeOnly() throws Exception {
        pair.close();
        TransportOptions tight =
                new TransportOptions(1, FrameHeader.MAX_PAYLOAD, 1 << 20, 256 << 10, 200_000, Duration.ofMillis(500));
        open(tight);
        bystanderIsServed();
        byte[] large = frame(new byte[400_000]);
        try (Socket one = raw();
                Socket other = raw()) {
            Seen first = newest();
            Seen second = newest();
            begin(one, large);
            begin(other, large);
            assertThat(first.why()).isInstanceOf(BtdException.Protocol.class);
            assertThat(second.why()).isInstanceOf(BtdException.Protocol.class);
            Pair.send(bystander, 4, new byte[400_000]);
            assertThat(bystanderFar.next().header().requestId()).isEqualTo(4);
        }
        Leaks.none(pair.near, pair.far);
        assertThat(pair.far.staging().taken()).isZero();
    }

    /// Sends the first bytes of a frame, more than are staged.
    private static void begin(Socket socket, byte[] frame) throws IOException {
        try {
            socket.getOutputStream().write(frame, 0, 300_000);
        } catch (SocketException e) {
            // Its time may run out before all is written.
        }
    }

    /// Sends these bytes; the reason its handler was told.
    private BtdException refusal(byte[] bytes) throws Exception {
        try (Socket socket = raw()) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (SocketException e) {
                // It may be refused before all is written.
            }
            Seen seen = newest();
            BtdException why = seen.why();
            assertThat(seen.count).hasValue(0);
            assertThat(seen.ends).hasValue(1);
            return why;
        }
    }

    /// What the refused peer is told.
    private static BtdException goodbye(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        MemorySegment bytes = MemorySegment.ofArray(in.readAllBytes());
        FrameHeader header = FrameHeaders.decode(bytes, 0, FrameHeader.MAX_PAYLOAD);
        assertThat(header.type()).isEqualTo(MessageType.GOODBYE.code());
        MemorySegment payload = bytes.asSlice(FrameHeader.BYTES, header.payloadBytes());
        assertThat(bytes.get(U32, FrameHeader.BYTES + header.payloadBytes())).isEqualTo(FrameHeaders.crc(payload));
        return ((Control.Goodbye) Controls.decode(header.type(), payload)).reason();
    }

    private Socket raw() throws IOException {
        String address = pair.endpoint.address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private Seen newest() throws InterruptedException {
        Seen seen = accepted.poll(1, TimeUnit.MINUTES);
        if (seen == null) {
            throw new AssertionError("nothing was accepted");
        }
        return seen;
    }

    private static byte[] frame(byte[] payload) {
        byte[] frame = new byte[FrameHeader.BYTES + payload.length + FrameHeader.TRAILER];
        MemorySegment bytes = MemorySegment.ofArray(frame);
        FrameHeaders.encode(bytes, 0, payload.length, 16, 0, 1, 2, 3, 4);
        MemorySegment.copy(payload, 0, bytes, ValueLayout.JAVA_BYTE, FrameHeader.BYTES, payload.length);
        bytes.set(U32, FrameHeader.BYTES + payload.length, FrameHeaders.crc(MemorySegment.ofArray(payload)));
        return frame;
    }

    /// With a header checksum that holds again.
    private static byte[] resummed(byte[] frame) {
        MemorySegment bytes = MemorySegment.ofArray(frame);
        bytes.set(U32, CHECKED, FrameHeaders.crc(bytes.asSlice(0, CHECKED)));
        return frame;
    }
}
