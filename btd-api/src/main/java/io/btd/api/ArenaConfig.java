// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.nio.file.Path;
import java.util.Optional;

/// What it takes to open an arena in this process. Immutable; start with [BtdConfig#embedded] and change what
/// differs. The `btd` command reads the same keys from a file, from `BTD_*` variables and from `--set`; `btd
/// config` lists them.
///
/// @param arena the file of the arena
/// @param capacity in bytes of memory the arena may use at most; only looked at when the file is made
/// @param node the node id of a new arena, 1..4095
/// @param arenaId the arena id of a new arena, 1..255
/// @param create whether the file is made when it is absent
/// @param domain the persistence domain to force, empty to detect it
/// @param zeroOnFree whether blocks are overwritten with zeros when they are freed or reclaimed
public record ArenaConfig(
        Path arena,
        long capacity,
        int node,
        int arenaId,
        boolean create,
        Optional<PersistenceDomain> domain,
        boolean zeroOnFree)
        implements BtdConfig {

    /// The smallest capacity of an arena in bytes (1 MiB).
    public static final long MIN_CAPACITY = 1L << 20;

    /// The capacity of an arena nobody gave one for, in bytes (64 MiB).
    public static final long DEFAULT_CAPACITY = 64L << 20;

    /// Checks the ranges.
    ///
    /// @throws BtdException.InvalidConfig naming the field out of range
    public ArenaConfig {
        require(node >= 1 && node <= GlobalPointer.MAX_NODE, "node", node, "use 1..4095");
        require(arenaId >= 1 && arenaId <= GlobalPointer.MAX_ARENA, "arena-id", arenaId, "use 1..255");
        require(
                capacity >= MIN_CAPACITY && capacity <= GlobalPointer.MAX_OFFSET / 8,
                "capacity",
                capacity,
                "use 1 MiB to 2 TiB");
    }

    private static void require(boolean holds, String key, long value, String hint) {
        if (!holds) {
            throw new BtdException.InvalidConfig("value out of range: " + key + "=" + value, hint);
        }
    }

    /// The same with a node and arena id for a new arena.
    public ArenaConfig withIds(int node, int arenaId) {
        return new ArenaConfig(arena, capacity, node, arenaId, create, domain, zeroOnFree);
    }

    /// The same, making the file when it is absent, or not.
    public ArenaConfig withCreate(boolean create) {
        return new ArenaConfig(arena, capacity, node, arenaId, create, domain, zeroOnFree);
    }

    /// The same with a forced persistence domain.
    public ArenaConfig withDomain(PersistenceDomain domain) {
        return new ArenaConfig(arena, capacity, node, arenaId, create, Optional.of(domain), zeroOnFree);
    }

    /// The same, overwriting freed blocks with zeros, or not.
    public ArenaConfig withZeroOnFree(boolean zeroOnFree) {
        return new ArenaConfig(arena, capacity, node, arenaId, create, domain, zeroOnFree);
    }
}
