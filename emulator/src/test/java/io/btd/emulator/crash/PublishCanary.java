// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// Values are written to fresh places, then a slot is pointed at them. Bugs: the value is never written
/// back, is not fenced before the slot points at it, the slot's own line is forgotten, or a
/// compare-and-set is taken for a fence.
final class PublishCanary extends Canary {
    enum Bug {
        NO_WRITE_BACK,
        NO_FENCE,
        SLOT_NOT_WRITTEN_BACK,
        CAS_AS_FENCE
    }

    private static final int SLOT = 0;
    private static final int PLACES = 256;
    private static final int PLACE = 128;

    private final Bug bug;

    PublishCanary(Bug bug, boolean planted) {
        super(planted);
        this.bug = bug;
    }

    private boolean has(Bug which) {
        return planted && bug == which;
    }

    @Override
    void run(PersistentMemory memory, Recorder recorder) {
        recorder.promise(Owed.exactly(0));
        for (int i = 1; i <= 3; i++) {
            recorder.promise(Owed.between(i - 1, i));
            long place = PLACES + (long) PLACE * i;
            memory.setLong(place, i);
            memory.setLong(place + 64, i);
            if (!has(Bug.NO_WRITE_BACK)) {
                memory.writeBack(place, PLACE, CanarySite.DATA);
            }
            if (!has(Bug.NO_FENCE) && !has(Bug.CAS_AS_FENCE)) {
                memory.fence(CanarySite.DATA);
            }
            memory.compareAndSetLong(SLOT, memory.getLong(SLOT), place);
            if (!has(Bug.SLOT_NOT_WRITTEN_BACK)) {
                memory.writeBack(SLOT, 8, CanarySite.PUBLISH);
            }
            memory.fence(CanarySite.PUBLISH);
            recorder.promise(Owed.exactly(i));
        }
    }

    @Override
    @Nullable
    String recover(PersistentMemory memory, Owed owed) {
        long place = memory.getLong(SLOT);
        long first = place == 0 ? 0 : memory.getLong(place);
        long second = place == 0 ? 0 : memory.getLong(place + 64);
        return first == second && owed.allows(first) ? null : "found " + first + " and " + second + ", owed " + owed;
    }
}
