// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// Opening, recovering, checking and using arenas that Jazzer damages: `JAZZER_FUZZ=1 ./btd test --module btd-node
/// ArenaFuzzTest#words` looks for bad ones. An ordinary run of the tests tries the corpus in the resources,
/// `ArenaFuzzTestInputs`.
class ArenaFuzzTest {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int PATCH = Short.BYTES + Long.BYTES;

    /// The first byte says whether the arena was closed in order (bit 0); then patches: the number of a word, 2
    /// bytes, and its value, 8 bytes.
    @FuzzTest(maxDuration = "60s")
    void words(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] image = HostileImage.make((data[0] & 1) != 0);
        MemorySegment from = MemorySegment.ofArray(data);
        MemorySegment to = MemorySegment.ofArray(image);
        for (int at = 1; at + PATCH <= data.length; at += PATCH) {
            long word = (from.get(SHORT, at) & 0xffff) % (image.length / Long.BYTES);
            to.set(LONG, word * Long.BYTES, from.get(LONG, at + Short.BYTES));
        }
        HostileImage.tryOut(image, new SplittableRandom(1));
    }

    /// A redo record that counts, its checksum is right: destination, length and place of what it holds, 8 bytes
    /// each.
    @FuzzTest(maxDuration = "60s")
    void redo(byte[] data) {
        if (data.length < 3 * Long.BYTES) {
            return;
        }
        byte[] image = HostileImage.make(false);
        MemorySegment from = MemorySegment.ofArray(data);
        HostileImage.record(
                MemorySegment.ofArray(image), from.get(LONG, 0), from.get(LONG, Long.BYTES), from.get(LONG, 16));
        HostileImage.tryOut(image, new SplittableRandom(1));
    }
}
