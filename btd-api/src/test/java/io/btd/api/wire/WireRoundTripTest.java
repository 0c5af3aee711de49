// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is written is read again, whole.
class WireRoundTripTest {

    @Test
    void everyMessageArrivesAsItWasSent() {
        SplittableRandom random = Seed.roll();
        Set<Class<?>> seen = new HashSet<>();
        for (int round = 0; round < 200; round++) {
            for (Message message : new Samples(random.split()).all()) {
                byte[] payload = message.payload();
                Message arrived = Message.decode(message.type(), MemorySegment.ofArray(payload));
                assertThat(Same.as(message, arrived))
                        .as("sent %s, arrived %s", message, arrived)
                        .isTrue();
                assertThat(arrived.payload()).isEqualTo(payload);
                seen.add(message.body().getClass());
            }
        }
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> family : List.of(Request.class, Response.class, Control.class)) {
            Collections.addAll(all, family.getPermittedSubclasses());
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void payloadsLieAnywhereInMemory() {
        List<Message> messages = new Samples(Seed.roll()).all();
        try (Arena arena = Arena.ofConfined()) {
            for (int at = 0; at < 16; at++) {
                for (Message message : messages) {
                    byte[] payload = message.payload();
                    MemorySegment place =
                            arena.allocate(payload.length + 32, 16).asSlice(at, payload.length);
                    place.copyFrom(MemorySegment.ofArray(payload));
                    assertThat(Same.as(message, Message.decode(message.type(), place)))
                            .as("%s at %s", message, at)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void dataIsReadWhereItLies() {
        MemorySegment payload = MemorySegment.ofArray(new byte[Responses.dataBytes(3)]);
        MemorySegment part = Responses.dataPart(payload);
        assertThat(part.byteSize()).isEqualTo(3);
        part.fill((byte) 'x');
        Response.Data data = (Response.Data) Responses.decode(MessageType.READ.responseCode(), payload);
        assertThat(data.bytes().toArray(LittleEndian.U8)).isEqualTo(new byte[] {'x', 'x', 'x'});
        part.fill((byte) 'y');
        assertThat(data.bytes().get(LittleEndian.U8, 2)).isEqualTo((byte) 'y');
    }

    @Test
    void textWithoutUtf8IsSentAsAQuestionMark() {
        Message message = Message.of(new Request.RootGet("a\ud800b\udc00"));
        Message arrived = Message.decode(message.type(), MemorySegment.ofArray(message.payload()));
        assertThat(arrived.body()).isEqualTo(new Request.RootGet("a?b?"));
    }

    @Test
    void whatNoFrameHoldsIsRefusedBeforeItIsSent() {
        MemorySegment tooLong = MemorySegment.ofArray(new byte[FrameHeader.MAX_PAYLOAD - 7]);
        refused(BtdException.InvalidSize.class, new Request.Memcpy(16, tooLong));
        assertThat(Requests.payloadBytes(new Request.Memcpy(16, tooLong.asSlice(1))))
                .isEqualTo(FrameHeader.MAX_PAYLOAD);
        refused(BtdException.InvalidSize.class, new Request.Free(new long[0]));
        refused(BtdException.InvalidSize.class, new Request.Free(new long[Request.MAX_POINTERS + 1]));
        refused(BtdException.InvalidSize.class, new Request.Malloc(16, 0, Alloc.OPAQUE));
        refused(BtdException.InvalidSize.class, new Request.Read(false, List.of()));
        refused(BtdException.InvalidSize.class, new Request.Read(false, List.of(new Request.Range(16, -1))));
        refused(
                BtdException.InvalidSize.class,
                new Request.Write(
                        Durability.VISIBLE, List.of(new Request.Range(16, 3)), MemorySegment.ofArray(new byte[2])));
        refused(BtdException.InvalidRoot.class, new Request.RootGet("\u20ac".repeat(342)));
        refused(BtdException.Protocol.class, new Request.Batch(List.of(new Request.Close())));
        assertThatThrownBy(() -> Responses.dataBytes(FrameHeader.MAX_PAYLOAD))
                .isInstanceOf(BtdException.InvalidSize.class);
    }

    private static void refused(Class<? extends BtdException> kind, Request request) {
        assertThatThrownBy(() -> Requests.payloadBytes(request)).isInstanceOf(kind);
    }
}
