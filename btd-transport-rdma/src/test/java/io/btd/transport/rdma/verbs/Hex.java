// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// Bytes as text, eight to a group, and numbers as the bytes of a little-endian machine.
final class Hex {
    private static final int GROUP = 8;

    private Hex() {}

    static String of(MemorySegment memory) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = memory.toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0; i < bytes.length; i += GROUP) {
            text.append(i == 0 ? "" : " ")
                    .append(HexFormat.of().formatHex(bytes, i, Math.min(i + GROUP, bytes.length)));
        }
        return text.toString();
    }

    /// An address in the order in which it lies in memory.
    static String of(long number) {
        return HexFormat.of()
                .formatHex(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(number)
                        .array());
    }
}
