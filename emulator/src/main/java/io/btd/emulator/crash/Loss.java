// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.api.PersistenceDomain;
import io.btd.pmem.MemoryHook.Access;

/// What a crash takes in one domain: the units whose stores may be lost independently of each other, and which
/// instructions save them.
public enum Loss {
    /// Cache lines of 64 bytes. A write-back puts a line on its way, a fence of the same thread completes it.
    LINES(8, true, true),
    /// Sectors of 512 bytes of a file's dirty pages: any of them may have been written at any time, each as far
    /// as its stores had come. A write-back (`msync`) returns when the range is on the medium; fences do
    /// nothing. Of the range's pages only its own sectors are counted on: on a tiny arena their neighbours
    /// would ride along, on a large one they lie elsewhere.
    SECTORS(64, true, false),
    /// The store buffer of a thread, everything else is in the domain: a prefix of its stores has left the
    /// buffer. A fence empties it, and so has the thread emptied it whose stores another one goes on from.
    BUFFER(Integer.MAX_VALUE, false, true),
    /// Nothing: stores survive in the order they were made.
    NOTHING(1, false, false);

    private final int unitWords;
    private final boolean writesBack;
    private final boolean fences;

    Loss(int unitWords, boolean writesBack, boolean fences) {
        this.unitWords = unitWords;
        this.writesBack = writesBack;
        this.fences = fences;
    }

    /// What a domain loses.
    public static Loss of(PersistenceDomain domain) {
        return switch (domain) {
            case CACHE_LINE -> LINES;
            case PAGE -> SECTORS;
            case EADR -> BUFFER;
            case PROCESS -> NOTHING;
        };
    }

    /// Whether an instruction saves anything here; where not, there is nothing to miss when it is gone.
    public boolean saves(Access access) {
        return access == Access.WRITE_BACK ? writesBack : access == Access.FENCE && fences;
    }

    int unitWords() {
        return unitWords;
    }
}
