// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Packing, printing and parsing of pointers.
class GlobalPointerTest {

    private static void roundTrip(int node, int arena, long offset) {
        long pointer = GlobalPointer.of(node, arena, offset);
        assertThat(GlobalPointer.node(pointer)).isEqualTo(node);
        assertThat(GlobalPointer.arena(pointer)).isEqualTo(arena);
        assertThat(GlobalPointer.offset(pointer)).isEqualTo(offset);
        String text = GlobalPointer.toString(pointer);
        assertThat(text).matches("0x[0-9a-f]{16}").isEqualTo(new GlobalPointer(pointer).toString());
        assertThat(GlobalPointer.parse(text)).isEqualTo(pointer);
        assertThat(GlobalPointer.parse("0x" + text.substring(2).toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(pointer);
    }

    @Test
    void everyNodeAndEveryArenaRoundTrips() {
        for (int node = 1; node <= GlobalPointer.MAX_NODE; node++) {
            roundTrip(node, 1 + node % GlobalPointer.MAX_ARENA, 16L * node);
        }
        for (int arena = 1; arena <= GlobalPointer.MAX_ARENA; arena++) {
            roundTrip(GlobalPointer.MAX_NODE, arena, GlobalPointer.MAX_OFFSET - 16);
        }
    }

    @Test
    void offsetsRoundTripOverTheWholeRange() {
        for (int bit = 0; bit < 44; bit++) {
            roundTrip(1, 1, 1L << bit);
            roundTrip(4095, 255, GlobalPointer.MAX_OFFSET - (1L << bit));
        }
        String given = System.getProperty("btd.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("seed: btd.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            roundTrip(random.nextInt(1, 4096), random.nextInt(1, 256), random.nextLong(GlobalPointer.MAX_OFFSET));
        }
    }

    @Test
    void fieldsOutOfRangeAreRefused() {
        refused(() -> GlobalPointer.of(0, 1, 16));
        refused(() -> GlobalPointer.of(4096, 1, 16));
        refused(() -> GlobalPointer.of(1, 0, 16));
        refused(() -> GlobalPointer.of(1, 256, 16));
        refused(() -> GlobalPointer.of(1, 1, -1));
        refused(() -> GlobalPointer.of(1, 1, GlobalPointer.MAX_OFFSET));
    }

    @Test
    void onlyWhatIsPrintedParses() {
        for (String text : List.of(
                "",
                "0x",
                "0",
                "0X0010010000000010",
                "0x001001000000001",
                "0x00100100000000100",
                "1x0010010000000010",
                "0010010000000010xx",
                "0x001001000000001g",
                "0x-010010000000010",
                "0x+010010000000010",
                "0x+fffffffffffffff",
                " 0x001001000000001",
                "0x001001000000001 ",
                "0x00_0010000000010",
                "0x\uff10010010000000010",
                "0x\u0660010010000000010",
                "x".repeat(1000))) {
            refused(() -> GlobalPointer.parse(text));
        }
        assertThat(GlobalPointer.parse("0x0000000000000000")).isZero();
        assertThat(GlobalPointer.parse("0xffffffffffffffff")).isEqualTo(-1);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BtdException.InvalidPointer.class,
                        e -> assertThat(e.fault()).isEqualTo(BtdException.PointerFault.MALFORMED))
                .message()
                .hasSizeLessThan(200);
    }
}
