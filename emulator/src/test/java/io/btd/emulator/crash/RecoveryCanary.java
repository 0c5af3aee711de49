// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// An undo log of one word whose recovery is to survive its own crash. The bug: recovery drops the record
/// before what it restored is durable. Only a crash inside the recovery shows it.
final class RecoveryCanary extends Canary {
    private static final int VALID = 0;
    private static final int OLD = 8;
    private static final int DATA = 64;

    RecoveryCanary(boolean planted) {
        super(planted);
    }

    @Override
    void run(PersistentMemory memory, Recorder recorder) {
        recorder.promise(Owed.exactly(0));
        memory.setLong(OLD, 0);
        memory.setLongRelease(VALID, 1);
        memory.persist(VALID, 16, CanarySite.RECORD);
        memory.setLong(DATA, 77);
        memory.persist(DATA, 8, CanarySite.DATA);
        recorder.promise(Owed.exactly(0));
    }

    @Override
    @Nullable
    String recover(PersistentMemory memory, Owed owed) {
        if (memory.getLong(VALID) == 1) {
            memory.setLong(DATA, memory.getLong(OLD));
            if (!planted) {
                memory.persist(DATA, 8, CanarySite.APPLY);
            }
            memory.setLongRelease(VALID, 0);
            memory.persist(VALID, 8, CanarySite.RETIRE);
        }
        return owed.allows(memory.getLong(DATA)) ? null : "found " + memory.getLong(DATA) + ", owed " + owed;
    }
}
