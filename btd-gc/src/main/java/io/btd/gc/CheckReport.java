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
/// @param unreachable allocated blocks that nothing reaches: in a clean arena leaks, otherwise what recovery
///     will give back
/// @param problems what contradicts itself, one line each; empty for a sound arena
public record CheckReport(
        boolean clean,
        long generation,
        int replayed,
        List<ClassCount> live,
        List<ClassCount> unreachable,
        List<String> problems) {

    /// Copies the lists.
    public CheckReport {
        live = List.copyOf(live);
        unreachable = List.copyOf(unreachable);
        problems = List.copyOf(problems);
    }

    /// Whether nothing contradicts itself.
    public boolean sound() {
        return problems.isEmpty();
    }

    /// Bytes of allocated blocks that nothing reaches.
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
