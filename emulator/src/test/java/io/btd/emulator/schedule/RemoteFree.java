// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import io.btd.pmem.PersistentMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two threads bring blocks home, a bit each; the bug is to load and store the word instead of one atomic operation.
final class RemoteFree implements RacyProgram {
    private final PersistentMemory memory;
    private final boolean planted;

    RemoteFree(PersistentMemory memory, boolean planted) {
        this.memory = memory;
        this.planted = planted;
    }

    @Override
    public List<Runnable> threads() {
        memory.setLong(0, 0);
        return List.of(() -> bringHome(1), () -> bringHome(2));
    }

    private void bringHome(long bit) {
        if (planted) {
            memory.setLong(0, memory.getLong(0) | bit);
        } else {
            memory.getAndSetBits(0, bit);
        }
    }

    @Override
    public @Nullable String fault() {
        long home = memory.getLong(0);
        return home == 3 ? null : "a block never came home: bits=" + home;
    }
}
