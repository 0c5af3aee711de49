// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.PersistenceDomain;
import java.util.UUID;

/// Arenas in plain memory, small enough to make thousands of.
public final class TinyArena {
    private static final UUID NAME = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);

    private TinyArena() {}

    /// A medium with a formatted arena.
    public static MemoryMedium formatted(Geometry geometry) {
        MemoryMedium medium = new MemoryMedium(geometry.mediumBytes(), PersistenceDomain.PROCESS);
        ArenaFile.format(medium, geometry, 1, 1, NAME);
        return medium;
    }

    /// A new open arena with pages of 256 bytes.
    public static ArenaFile open(int capacityPages) {
        return open(Geometry.tiny(capacityPages));
    }

    /// A new open arena.
    public static ArenaFile open(Geometry geometry) {
        return ArenaFile.open(formatted(geometry));
    }
}
