// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The gateway without its hook: the same shape (an object that holds the segment and the way to persist in
/// its domain), the same handles, no trace of a hook in the byte code. What [HookBenchmark] compares with.
final class BareMemory {
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle().withInvokeExactBehavior();

    private final MemorySegment segment;
    private final WriteBack writeBack = new InProcess();
    private final long address;

    BareMemory(MemorySegment segment) {
        this.segment = segment;
        this.address = segment.address();
    }

    long getLong(long offset) {
        return (long) LONG.get(segment, offset);
    }

    void setLong(long offset, long value) {
        LONG.set(segment, offset, value);
    }

    void setLongRelease(long offset, long value) {
        LONG.setRelease(segment, offset, value);
    }

    void persist(long offset, long bytes) {
        writeBack.writeBack(address + offset, bytes);
        writeBack.fence();
    }

    private abstract static class WriteBack {
        abstract void writeBack(long address, long bytes);

        abstract void fence();
    }

    /// Where stores survive the process as they are.
    private static final class InProcess extends WriteBack {
        @Override
        void writeBack(long address, long bytes) {
            // nothing to do
        }

        @Override
        void fence() {
            VarHandle.releaseFence();
        }
    }
}
