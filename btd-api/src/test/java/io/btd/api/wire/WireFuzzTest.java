// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The codec against bytes that Jazzer makes up: `JAZZER_FUZZ=1 ./btd test --module btd-api WireFuzzTest#payload` looks
/// for bad ones. An ordinary run of the tests tries the corpus in the resources, `WireFuzzTestInputs`: the examples of
/// wire.md, and what was found.
class WireFuzzTest {

    /// The first byte is the frame's type, the payload follows; its checksum would only be in Jazzer's way.
    @FuzzTest(maxDuration = "60s")
    void payload(byte[] data) {
        if (data.length > 0) {
            Sense.check(data[0] & 0xff, Arrays.copyOfRange(data, 1, data.length));
        }
    }

    @FuzzTest(maxDuration = "10s")
    void header(byte[] data) {
        MemorySegment bytes = MemorySegment.ofArray(data);
        if (data.length >= FrameHeader.BYTES) {
            bytes.set(
                    LittleEndian.U32, FrameHeader.BYTES - 4, FrameHeaders.crc(bytes.asSlice(0, FrameHeader.BYTES - 4)));
        }
        try {
            FrameHeader header = FrameHeaders.decode(bytes, 0, FrameHeader.MAX_PAYLOAD);
            if (header.payloadBytes() < 0 || header.payloadBytes() > FrameHeader.MAX_PAYLOAD) {
                throw new AssertionError(header);
            }
        } catch (BtdException.Protocol e) {
            // refused, as it should
        }
    }
}
