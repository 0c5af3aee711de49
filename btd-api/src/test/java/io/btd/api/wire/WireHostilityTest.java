// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Bytes of somebody who means harm, or of a broken line: they are refused by [BtdException.Protocol], or they say
/// something. Nothing else is thrown, and nothing is allocated for what has not arrived.
class WireHostilityTest {
    private final SplittableRandom random = Seed.roll();
    private final List<Message> samples = new Samples(random).all();

    @Test
    void noFlippedBitAndNoLostByteOfAFrameIsBelieved() {
        for (Message message : samples) {
            byte[] frame = Frame.encode(message, 0, 5, 7, 3, 1000);
            Frame.decode(frame);
            for (int bit = 0; bit < 8 * frame.length; bit++) {
                frame[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(isFrame(frame))
                        .as("%s with bit %s flipped", message, bit)
                        .isFalse();
                frame[bit / 8] ^= (byte) (1 << bit % 8);
            }
            for (int length = 0; length < frame.length; length++) {
                assertThat(isFrame(Arrays.copyOf(frame, length)))
                        .as("%s cut to %s", message, length)
                        .isFalse();
            }
        }
    }

    private static boolean isFrame(byte[] bytes) {
        try {
            Frame.decode(bytes);
            return true;
        } catch (BtdException.Protocol e) {
            return false;
        }
    }

    /// As the one before, by somebody who computes the checksum anew.
    @Test
    void flippedBitsAndLostBytesOfAPayloadAreRefusedOrSaySomething() {
        for (Message message : samples) {
            byte[] payload = message.payload();
            for (int bit = 0; bit < 8 * payload.length; bit++) {
                payload[bit / 8] ^= (byte) (1 << bit % 8);
                Sense.check(message.type(), payload);
                payload[bit / 8] ^= (byte) (1 << bit % 8);
            }
            for (int length = 0; length < payload.length; length++) {
                Sense.check(message.type(), Arrays.copyOf(payload, length));
            }
            assertThat(Sense.check(message.type(), payload)).isTrue();
        }
    }

    @Test
    void whatIsTooLongOrTooShortIsRefused() {
        for (Message message : samples) {
            byte[] payload = message.payload();
            boolean open = message.body() instanceof Request.Memcpy || message.body() instanceof Response.Data;
            assertThat(Sense.check(message.type(), Arrays.copyOf(payload, payload.length + 1)))
                    .as("%s and a byte", message)
                    .isEqualTo(open);
            if (payload.length > 0 && !open) {
                assertThat(Sense.check(message.type(), Arrays.copyOf(payload, payload.length - 1)))
                        .as("%s without a byte", message)
                        .isFalse();
            }
        }
    }

    @Test
    void randomBytesOfEveryType() {
        for (int type = 0; type < 256; type++) {
            for (int round = 0; round < 100; round++) {
                byte[] payload = new byte[random.nextInt(64)];
                random.nextBytes(payload);
                // Small numbers get further.
                for (int i = 0; i < payload.length; i++) {
                    payload[i] = random.nextInt(4) > 0 ? (byte) (payload[i] & 1) : payload[i];
                }
                Sense.check(type, payload);
            }
        }
    }

    @Test
    void aFrameOfOneKindIsNotTakenForAnother() {
        for (Message message : samples) {
            MemorySegment payload = MemorySegment.ofArray(message.payload());
            int type = message.type();
            if (!(message.body() instanceof Request)) {
                refused(() -> Requests.decode(type, payload));
            }
            if (!(message.body() instanceof Response)) {
                refused(() -> Responses.decode(type, payload));
            }
            if (!(message.body() instanceof Control)) {
                refused(() -> Controls.decode(type, payload));
            }
        }
        for (int type : new int[] {-1, 256, 300, Integer.MIN_VALUE}) {
            refused(() -> Requests.decode(type, Sense.hex("")));
            refused(() -> Responses.decode(type, Sense.hex("")));
            refused(() -> Controls.decode(type, Sense.hex("")));
        }
    }

    private static void refused(ThrowingCallable decoding) {
        assertThatExceptionOfType(BtdException.Protocol.class).isThrownBy(decoding);
    }

    @Test
    void hugeCountsAllocateNothing() {
        for (Message message : samples) {
            byte[] payload = message.payload();
            for (int count : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 65_536, 4096, 0x1fff_ffff}) {
                for (int at = 0; at <= payload.length - 4; at++) {
                    byte[] hostile = payload.clone();
                    MemorySegment.ofArray(hostile).set(LittleEndian.U32, at, count);
                    assertThat(allocated(message.type(), hostile))
                            .as("%s with %s at %s", message, count, at)
                            .isLessThan(64 * 1024 + 64L * payload.length);
                }
            }
        }
        byte[] pointers = {0, 0, 1, 0, 0, 0, 0, 0};
        for (MessageType type : List.of(MessageType.FREE, MessageType.DECLARE, MessageType.NOTICE, MessageType.BATCH)) {
            assertThat(allocated(type.code(), pointers)).as("%s", type).isLessThan(64 * 1024);
        }
    }

    private static long allocated(int type, byte[] payload) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            Message.decode(type, MemorySegment.ofArray(payload));
        } catch (BtdException.Protocol e) {
            // as it should
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void theLimitsOfTheSpecAreRefused() {
        refused(MessageType.MALLOC, "10000000 00000000 00000000 10000000 00000000", "count");
        refused(MessageType.MALLOC, "10000000 00000000 01000100 10000000 00000000", "count");
        refused(MessageType.MALLOC, "10000000 00000000 01000000 11000000 00000000", "alignment");
        refused(MessageType.MALLOC, "10000000 00000000 01000000 00200000 00000000", "alignment");
        refused(MessageType.MALLOC, "10000000 00000000 01000000 10000000 02000000", "kind");
        refused(MessageType.MALLOC, "10000000 00000000 01000000 10000000 00000100", "reserved");
        refused(MessageType.FREE, "00000000 00000000", "count");
        refused(MessageType.WRITE, "00000000 01000000 10000000 00000000 02000000 00000000 ff", "ranges and data");
        refused(MessageType.WRITE, "02000000 01000000 10000000 00000000 00000000 00000000", "durability");
        refused(MessageType.READ, "00000000 01000000 10000000 00000000 00000080 00000000", "bytes=2147483648");
        refused(MessageType.ROOT_GET, "0200 c328", "UTF-8");
        refused(MessageType.BATCH, "01000000 00000000 42000000 00000000", "type=66");
        refused(MessageType.BATCH, "01000000 00000000 41000000 00000000", "type=65");
        refused(MessageType.BATCH, "01000000 00000000 90000000 00000000", "type=144");
        refused(MessageType.BATCH, "01000000 00000000 10000000 01000000 00", "excess");
        refused(MessageType.HELLO, "47455420 2f204854", "magic");
        assertThatExceptionOfType(BtdException.Protocol.class)
                .isThrownBy(() -> Responses.decode(193, Sense.hex("00 01000000 09000000 05000000 0000000000")))
                .withMessageContaining("form=9");
        assertThatExceptionOfType(BtdException.Protocol.class)
                .isThrownBy(() -> Responses.decode(193, Sense.hex("00 01000000 00000000 05000000 0100000000")))
                .withMessageContaining("form=0");
    }

    private static void refused(MessageType type, String payload, String why) {
        assertThatExceptionOfType(BtdException.Protocol.class)
                .isThrownBy(() -> Message.decode(type.code(), Sense.hex(payload)))
                .withMessageContaining(why);
    }
}
