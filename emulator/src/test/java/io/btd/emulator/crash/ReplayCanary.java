// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// Two words that change together through a redo record, and are then overwritten without one. The bug: the
/// record is not durably retired before that, so that recovery replays it over newer data.
final class ReplayCanary extends Canary {
    private static final int VALID = 0;
    private static final int RECORD = 8;
    private static final int FIRST = 256;
    private static final int SECOND = 512;

    ReplayCanary(boolean planted) {
        super(planted);
    }

    @Override
    void run(PersistentMemory memory, Recorder recorder) {
        recorder.promise(Owed.exactly(0));
        recorder.promise(Owed.between(0, 5));
        memory.setLong(RECORD, 5);
        memory.persist(RECORD, 8, CanarySite.RECORD);
        memory.setLongRelease(VALID, 1);
        memory.persist(VALID, 8, CanarySite.RECORD);
        apply(memory, 5);
        memory.setLongRelease(VALID, 0);
        if (!planted) {
            memory.persist(VALID, 8, CanarySite.RETIRE);
        }
        recorder.promise(Owed.exactly(5));
        recorder.promise(Owed.between(5, 6));
        memory.setLong(FIRST, 6);
        memory.persist(FIRST, 8, CanarySite.DATA);
        recorder.promise(Owed.exactly(6));
    }

    private static void apply(PersistentMemory memory, long value) {
        memory.setLong(FIRST, value);
        memory.setLong(SECOND, value);
        memory.writeBack(FIRST, 8, CanarySite.APPLY);
        memory.writeBack(SECOND, 8, CanarySite.APPLY);
        memory.fence(CanarySite.APPLY);
    }

    @Override
    @Nullable
    String recover(PersistentMemory memory, Owed owed) {
        if (memory.getLong(VALID) == 1) {
            apply(memory, memory.getLong(RECORD));
            memory.setLongRelease(VALID, 0);
            memory.persist(VALID, 8, CanarySite.RETIRE);
        }
        long first = memory.getLong(FIRST);
        long second = memory.getLong(SECOND);
        boolean whole = first == 0 ? second == 0 : second == 5;
        return whole && owed.allows(first) ? null : "found " + first + " and " + second + ", owed " + owed;
    }
}
