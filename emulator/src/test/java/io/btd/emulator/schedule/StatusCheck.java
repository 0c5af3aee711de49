// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import io.btd.pmem.Interleaving;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One thread takes a superblock that is listed, another retires it: volatile state only. The bug is to look at the
/// status, and then to store it.
final class StatusCheck implements RacyProgram {
    private static final int LISTED = 0;
    private static final int OWNED = 1;
    private static final int RETIRING = 2;

    private final boolean planted;
    private final AtomicInteger status = new AtomicInteger();
    private final AtomicInteger owners = new AtomicInteger();

    StatusCheck(boolean planted) {
        this.planted = planted;
    }

    @Override
    public List<Runnable> threads() {
        status.set(LISTED);
        owners.set(0);
        return List.of(() -> become(OWNED), () -> become(RETIRING));
    }

    private void become(int next) {
        Interleaving.point();
        if (planted ? status.get() != LISTED : !status.compareAndSet(LISTED, next)) {
            return;
        }
        Interleaving.point();
        status.set(next);
        owners.incrementAndGet();
    }

    @Override
    public @Nullable String fault() {
        return owners.get() == 1 ? null : "superblock is owned and retired: owners=" + owners;
    }
}
