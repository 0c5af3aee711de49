// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.canary;

import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;

/// A redo record that says what to add instead of what to store: doing it twice is wrong. It lies in a lane's unused
/// bytes.
final class Intent {
    private static final long DELTA = 48;
    private static final long DESTINATION = 56;

    private final PersistentMemory memory;
    private final Geometry geometry;
    private final long at;

    Intent(PersistentMemory memory, Geometry geometry) {
        this.memory = memory;
        this.geometry = geometry;
        at = geometry.lane(geometry.laneCount() - 1);
    }

    void begin(long offset, long delta) {
        memory.setLong(at + DELTA, delta);
        memory.setLongRelease(at + DESTINATION, offset);
        memory.persist(at + DELTA, 16, PlantedSite.INTENT);
    }

    void end() {
        memory.setLongRelease(at + DESTINATION, 0);
        memory.persist(at + DESTINATION, 8, PlantedSite.INTENT);
    }

    /// The bug: nobody knows whether it was added already.
    void recover() {
        long offset = memory.getLong(at + DESTINATION);
        if (geometry.inData(offset)) {
            memory.setLongRelease(offset, memory.getLong(offset) + memory.getLong(at + DELTA));
            memory.persist(offset, 8, PlantedSite.WORD);
            end();
        }
    }
}
