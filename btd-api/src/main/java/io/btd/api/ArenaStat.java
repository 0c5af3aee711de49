// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.util.List;

/// What one arena has and what is in use: a snapshot, exact when nobody allocates meanwhile.
///
/// @param arena the arena's file
/// @param domain what "persistent" means there
/// @param node node id
/// @param arenaId arena id
/// @param generation how often the arena has been opened
/// @param capacity bytes of memory the arena may use
/// @param pagesInUse bytes of pages taken out of the capacity
/// @param metadata bytes of the file that describe the others and lie outside the capacity
/// @param live allocated blocks per size class
/// @param openViews views that pin a block right now
/// @param illegalFrees frees that were refused since the arena was opened
public record ArenaStat(
        String arena,
        PersistenceDomain domain,
        int node,
        int arenaId,
        long generation,
        long capacity,
        long pagesInUse,
        long metadata,
        List<ClassCount> live,
        int openViews,
        long illegalFrees) {

    /// Copies the list.
    public ArenaStat {
        live = List.copyOf(live);
    }

    /// Blocks allocated and not freed.
    public long liveBlocks() {
        return live.stream().mapToLong(ClassCount::blocks).sum();
    }

    /// Bytes the allocated blocks occupy.
    public long liveBytes() {
        return live.stream().mapToLong(ClassCount::bytes).sum();
    }
}
