// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Headers are believed when their checksum, version and length hold, and are looked at in this order.
class FrameHeadersTest {
    private static final int MAX = 1000;

    @Test
    void everyFieldRoundTrips() {
        SplittableRandom random = Seed.roll();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64);
            for (int i = 0; i < 1000; i++) {
                FrameHeader header = new FrameHeader(
                        random.nextInt(MAX + 1),
                        random.nextInt(256),
                        random.nextInt(65_536),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt() >>> 1);
                int at = random.nextInt(24);
                encode(memory, at, header);
                assertThat(FrameHeaders.decode(memory, at, MAX)).isEqualTo(header);
            }
        }
    }

    @Test
    void aDeadlineBeyondAnIntIsTheLongestThereIs() {
        MemorySegment memory = MemorySegment.ofArray(new byte[FrameHeader.BYTES]);
        encode(memory, 0, new FrameHeader(0, 16, 0, 1, 1, 0, -1));
        assertThat(FrameHeaders.decode(memory, 0, MAX).deadlineMillis()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void theChecksumIsLookedAtFirstThenTheVersionThenTheLength() {
        MemorySegment memory = MemorySegment.ofArray(new byte[FrameHeader.BYTES]);
        encode(memory, 0, new FrameHeader(MAX + 1, 16, 0, 1, 1, 0, 0));
        refused(memory, 0, "length=" + (MAX + 45));
        memory.set(LittleEndian.U8, 4, (byte) 2);
        refused(memory, 0, "does not match its checksum");
        memory.set(LittleEndian.U32, 36, FrameHeaders.crc(memory.asSlice(0, 36)));
        refused(memory, 0, "version=2");
    }

    @Test
    void lengthsAreUnsigned() {
        MemorySegment memory = MemorySegment.ofArray(new byte[FrameHeader.BYTES]);
        for (int payload : new int[] {-1, -44, -45, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            encode(memory, 0, new FrameHeader(payload, 16, 0, 1, 1, 0, 0));
            refused(memory, 0, "length=" + Integer.toUnsignedLong(payload + 44));
        }
        refused(memory, 1, "inside its header");
        refused(memory, Long.MAX_VALUE, "inside its header");
        refused(memory, -1, "inside its header");
    }

    @Test
    void theChecksumIsCastagnolis() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(FrameHeaders.crc(MemorySegment.ofArray(digits))).isEqualTo(0xe3069283);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(16).asSlice(3, 9).copyFrom(MemorySegment.ofArray(digits));
            assertThat(FrameHeaders.crc(memory)).isEqualTo(0xe3069283);
        }
        assertThat(FrameHeaders.crc(MemorySegment.ofArray(new byte[0]))).isZero();
    }

    private static void encode(MemorySegment memory, long at, FrameHeader header) {
        FrameHeaders.encode(
                memory,
                at,
                header.payloadBytes(),
                header.type(),
                header.flags(),
                header.requestId(),
                header.incarnation(),
                header.acknowledged(),
                header.deadlineMillis());
    }

    private static void refused(MemorySegment memory, long at, String why) {
        assertThatExceptionOfType(BtdException.Protocol.class)
                .isThrownBy(() -> FrameHeaders.decode(memory, at, MAX))
                .withMessageContaining(why);
    }
}
