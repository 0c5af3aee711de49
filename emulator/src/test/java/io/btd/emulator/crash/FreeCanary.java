// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// One block with an allocation bit and a reference. Freeing clears the reference, then the bit; the bug is
/// the other order.
final class FreeCanary extends Canary {
    private static final int BITS = 0;
    private static final int REFERENCE = 64;

    FreeCanary(boolean planted) {
        super(planted);
    }

    @Override
    void run(PersistentMemory memory, Recorder recorder) {
        recorder.promise(Owed.exactly(0));
        recorder.promise(Owed.between(0, 1));
        memory.getAndSetBits(BITS, 1);
        memory.persist(BITS, 8, CanarySite.BITS);
        memory.setLongRelease(REFERENCE, 1);
        memory.persist(REFERENCE, 8, CanarySite.PUBLISH);
        recorder.promise(Owed.exactly(1));
        recorder.promise(Owed.between(1, 0));
        if (planted) {
            clearBit(memory);
            clearReference(memory);
        } else {
            clearReference(memory);
            clearBit(memory);
        }
        recorder.promise(Owed.exactly(0));
    }

    private static void clearBit(PersistentMemory memory) {
        memory.getAndClearBits(BITS, 1);
        memory.persist(BITS, 8, CanarySite.BITS);
    }

    private static void clearReference(PersistentMemory memory) {
        memory.setLongRelease(REFERENCE, 0);
        memory.persist(REFERENCE, 8, CanarySite.PUBLISH);
    }

    @Override
    @Nullable
    String recover(PersistentMemory memory, Owed owed) {
        long reference = memory.getLong(REFERENCE);
        if (reference != 0 && memory.getLong(BITS) == 0) {
            return "reference to a free block";
        }
        return owed.allows(reference) ? null : "found " + reference + ", owed " + owed;
    }
}
