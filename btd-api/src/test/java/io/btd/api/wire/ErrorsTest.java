// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.ErrorCode;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// Errors arrive as they were thrown.
class ErrorsTest {

    @Test
    void everyKindArrivesWhole() {
        Samples samples = new Samples(Seed.roll());
        for (int round = 0; round < 100; round++) {
            for (ErrorCode code : ErrorCode.values()) {
                BtdException sent = samples.error(code);
                assertThat(Same.as(sent, arrived(sent))).as("%s", sent).isTrue();
            }
        }
    }

    @Test
    void messagesDoNotGrowOnTheWay() {
        BtdException sent = new BtdException.Full("no room: size=7", 16, "free something");
        BtdException arrived = arrived(arrived(arrived(sent)));
        assertThat(arrived).hasMessage("no room: size=7, largest=16; free something");
        assertThat(arrived.hint()).isEqualTo("free something");
        assertThat(arrived(new BtdException.Closed("closed"))).hasMessage("closed; open it again");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        String text = "\u20ac".repeat(5000);
        BtdException arrived = arrived(new BtdException.Busy(4095, text, text + "!"));
        String cut = "\u20ac".repeat(Errors.MAX_TEXT / 3);
        assertThat(arrived).hasMessage(cut + "; " + cut);
        assertThat(arrived.node()).isEqualTo(4095);
    }

    @Test
    void whatIsNotKnownIsAnErrorOfTheProtocol() {
        BtdException sent = new BtdException.Busy(9, "what", "hint");
        unknown(sent, 0, ErrorCode.values().length);
        unknown(sent, 0, 0xffff);
        BtdException pointer = new BtdException.InvalidPointer(9L << 52, PointerFault.NULL, "what", "hint");
        unknown(pointer, 2, PointerFault.values().length);
        byte[] arena = encoded(new BtdException.ArenaUnusable(ArenaFault.IO, "what", "hint"));
        MemorySegment.ofArray(arena).set(LittleEndian.U16, 2, (short) ArenaFault.values().length);
        assertThat(Errors.decode(MemorySegment.ofArray(arena))).isInstanceOf(BtdException.Protocol.class);
    }

    private static void unknown(BtdException sent, long at, int number) {
        byte[] payload = encoded(sent);
        MemorySegment.ofArray(payload).set(LittleEndian.U16, at, (short) number);
        BtdException arrived = Errors.decode(MemorySegment.ofArray(payload));
        assertThat(arrived).isInstanceOf(BtdException.Protocol.class).hasMessage("what; hint");
        assertThat(arrived.node()).isEqualTo(9);
    }

    private static BtdException arrived(BtdException error) {
        return Errors.decode(MemorySegment.ofArray(encoded(error)));
    }

    private static byte[] encoded(BtdException error) {
        byte[] payload = new byte[Errors.payloadBytes(error)];
        Errors.encode(error, MemorySegment.ofArray(payload));
        return payload;
    }
}
