// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.time.Duration;
import java.util.List;

/// What opening an arena found and did.
///
/// @param clean whether the arena had been closed cleanly: nothing was marked, the lists are empty
/// @param takenOver whether the last owner had died without closing
/// @param generation the arena's open generation, counted from 1
/// @param replayed redo records that were applied again
/// @param survivors live blocks per size class
/// @param reclaimed blocks per size class that were in use or cached by a thread, that nobody can reach any
///     more, and that came back; as far as the allocation state that reached the medium tells
/// @param reclaimedPages bytes of whole pages that came back
/// @param replayTime time spent replaying
/// @param markTime time spent marking
/// @param sweepTime time spent rebuilding and sweeping
public record RecoveryReport(
        boolean clean,
        boolean takenOver,
        long generation,
        int replayed,
        List<ClassCount> survivors,
        List<ClassCount> reclaimed,
        long reclaimedPages,
        Duration replayTime,
        Duration markTime,
        Duration sweepTime) {

    /// Copies the lists.
    public RecoveryReport {
        survivors = List.copyOf(survivors);
        reclaimed = List.copyOf(reclaimed);
    }

    /// How many blocks survived.
    public long survivingBlocks() {
        return survivors.stream().mapToLong(ClassCount::blocks).sum();
    }

    /// How many bytes the surviving blocks occupy.
    public long survivingBytes() {
        return survivors.stream().mapToLong(ClassCount::bytes).sum();
    }

    /// How many blocks came back.
    public long reclaimedBlocks() {
        return reclaimed.stream().mapToLong(ClassCount::blocks).sum();
    }

    /// How many bytes the reclaimed blocks occupied.
    public long reclaimedBytes() {
        return reclaimed.stream().mapToLong(ClassCount::bytes).sum();
    }
}
