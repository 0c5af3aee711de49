// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// Memory that requests name by its address, as a device sees it. Whoever gives the address answers for it.
public final class NativeMemory {
    private NativeMemory() {}

    /// What lies at an address. Using it after the memory has gone ends the process.
    public static MemorySegment at(long address, long bytes) {
        return NativeLibrary.view(address, bytes);
    }

    /// A copy of what lies at an address; read-only.
    public static ByteBuffer copy(long address, int bytes) {
        return ByteBuffer.wrap(at(address, bytes).toArray(ValueLayout.JAVA_BYTE))
                .asReadOnlyBuffer();
    }
}
