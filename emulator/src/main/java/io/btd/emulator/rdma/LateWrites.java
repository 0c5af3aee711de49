// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Writes that have completed, and that the memory does not have yet. Guarded by the lock of the stack.
final class LateWrites {
    private final List<LateWrite> writes = new ArrayList<>();

    private record LateWrite(Receiver receiver, MemorySegment bytes, MemorySegment memory) {
        void settle() {
            MemorySegment.copy(bytes, 0, memory, 0, bytes.byteSize());
        }
    }

    void add(Receiver receiver, MemorySegment bytes, MemorySegment memory) {
        writes.add(new LateWrite(receiver, bytes, memory));
    }

    /// Has the memory get what came over a connection.
    void settle(Receiver receiver) {
        writes.removeIf(write -> {
            boolean mine = write.receiver == receiver;
            if (mine) {
                write.settle();
            }
            return mine;
        });
    }

    /// Has the memory get everything.
    void settle() {
        writes.forEach(LateWrite::settle);
        writes.clear();
    }
}
