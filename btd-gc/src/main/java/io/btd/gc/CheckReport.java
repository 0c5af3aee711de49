// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.api.ClassCount;
import java.util.List;

/// What [Checker] found.
///
/// @param clean whether the arena had been closed cleanly
/// @param generation how often it had been opened
/// @param replayed redo records that recovery will apply
/// @param live reachable blocks per size class
/// @param kept blocks that nothing here reaches, but to which other nodes may refer: they stay until all nodes collect
///     together
/// @param unreachable other allocated blocks that nothing reaches: in a clean arena leaks, otherwise what recovery
///     will give back
/// @param problems what contradicts itself, one line each; empty for a sound arena
public record CheckReport(
        boolean clean,
        long generation,
        int replayed,
        List<ClassCount> live,
        List<ClassCount> kept,
        List<ClassCount> unreachable,
        List<String> problems) {

    /// Copies the lists.
    public CheckReport {
        live = List.copyOf(live);
        kept = List.copyOf(kept);
        unreachable = List.copyOf(unreachable);
        problems = List.copyOf(problems);
    }

    /// Whether nothing contradicts itself.
    public boolean sound() {
        return problems.isEmpty();
    }

    /// Bytes of blocks that are kept for other nodes.
    public long keptBytes() {
        return kept.stream().mapToLong(ClassCount::bytes).sum();
    }

    /// Bytes of allocated blocks that nothing reaches, nor may reach from other nodes.
    public long unreachableBytes() {
        return unreachable.stream().mapToLong(ClassCount::bytes).sum();
    }

    /// Reachable blocks.
    public long liveBlocks() {
        return live.stream().mapToLong(ClassCount::blocks).sum();
    }

    /// Bytes of reachable blocks.
    public long liveBytes() {
        return live.stream().mapToLong(ClassCount::bytes).sum();
    }
}
