// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import io.btd.pmem.PersistentMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two threads claim a block each, the lowest free bit; the bug is to store the word without comparing it.
final class BitClaim implements RacyProgram {
    private final PersistentMemory memory;
    private final boolean planted;
    private final long[] claimed = new long[2];

    BitClaim(PersistentMemory memory, boolean planted) {
        this.memory = memory;
        this.planted = planted;
    }

    @Override
    public List<Runnable> threads() {
        memory.setLong(0, 0);
        return List.of(() -> claimed[0] = claim(), () -> claimed[1] = claim());
    }

    private long claim() {
        while (true) {
            long taken = memory.getLongAcquire(0);
            long bit = Long.lowestOneBit(~taken);
            if (planted) {
                memory.setLongRelease(0, taken | bit);
                return bit;
            }
            if (memory.compareAndSetLong(0, taken, taken | bit)) {
                return bit;
            }
        }
    }

    @Override
    public @Nullable String fault() {
        return claimed[0] != claimed[1] ? null : "one block was granted to both: bit=" + claimed[0];
    }
}
