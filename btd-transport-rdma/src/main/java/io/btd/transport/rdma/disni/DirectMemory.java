// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Where direct buffers lie.
public final class DirectMemory {
    private DirectMemory() {}

    /// The address of a direct buffer's first byte, wherever its position is.
    public static long address(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate().clear()).address();
    }
}
