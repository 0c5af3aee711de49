// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.api.PersistenceDomain;
import io.btd.pmem.PersistentMemory;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A small program with a planted bug, and without it: the search must find the one and pass the other.
abstract class Canary {
    static final long BYTES = 4096;

    /// Whether the bug is in.
    final boolean planted;

    Canary(boolean planted) {
        this.planted = planted;
    }

    /// What the program does, and promises.
    abstract void run(PersistentMemory memory, Recorder recorder);

    /// What is wrong after a crash, or null.
    abstract @Nullable String recover(PersistentMemory memory, Owed owed);

    /// Runs the program and crashes it everywhere.
    @Nullable
    Finding search(PersistenceDomain domain) {
        try (Recorder recorder = new Recorder(BYTES, domain);
                CrashSearch search = new CrashSearch(BYTES, domain, this::examine, () -> false)) {
            search.thorough();
            run(recorder.medium().memory(), recorder);
            return search.explore(new long[recorder.words()], recorder.trace(), 0, 1);
        }
    }

    private @Nullable String examine(Recorder image, Promise promise, SplittableRandom random) {
        return recover(image.medium().memory(), (Owed) promise);
    }
}
