// SPDX-License-Identifier: Apache-2.0
package io.btd.node.arena;

import io.btd.api.ArenaConfig;
import io.btd.api.ArenaStat;
import io.btd.api.ClassCount;
import io.btd.api.RecoveryReport;
import io.btd.gc.Recovery;
import io.btd.heap.Decision;
import io.btd.heap.SessionTable;
import org.jspecify.annotations.Nullable;

/// The arena of a node of a cluster: with the records of its sessions, and perhaps with blocks of which it is not
/// decided yet whether they live. Thread-safe.
public final class NodeArena {
    private final OpenArena arena;
    private final SessionTable sessions;
    private volatile RecoveryReport recovery;

    private NodeArena(Recovery.Opened opened) {
        arena = OpenArena.over(opened.heap(), opened.report());
        sessions = opened.sessions();
        recovery = withoutOwn(opened.report(), sessions.chunks());
        note(opened.decision());
    }

    /// Opens the arena in a file, recovering it as far as that can be done without its sessions.
    ///
    /// @throws io.btd.api.BtdException.ArenaUnusable when the file cannot be used, saying why
    /// @throws io.btd.api.BtdException.ArenaOwned when a live process owns it
    public static NodeArena open(ArenaConfig config) {
        return OpenArena.whole(
                OpenArena.openFile(config), file -> new NodeArena(Recovery.open(file, config.zeroOnFree())));
    }

    /// The arena and what works on it.
    public OpenArena arena() {
        return arena;
    }

    /// The records of its sessions.
    public SessionTable sessions() {
        return sessions;
    }

    /// What opening found and did, and what was decided since; without the node's own records.
    public RecoveryReport recovery() {
        return recovery;
    }

    /// What is there and in use; among the live blocks are none of the node's own.
    public ArenaStat stat() {
        ArenaStat stat = arena.stat();
        return new ArenaStat(
                stat.arena(),
                stat.domain(),
                stat.node(),
                stat.arenaId(),
                stat.generation(),
                stat.capacity(),
                stat.pagesInUse(),
                stat.metadata(),
                ClassCount.without(stat.live(), sessions.chunks()),
                stat.openViews(),
                stat.illegalFrees());
    }

    /// Every session has said what it holds, or lapsed: what nobody holds comes home.
    public void decide() {
        if (arena.heap().undecided()) {
            note(arena.heap().decide());
        }
    }

    private static RecoveryReport withoutOwn(RecoveryReport report, ClassCount own) {
        return new RecoveryReport(
                report.clean(),
                report.takenOver(),
                report.generation(),
                report.replayed(),
                ClassCount.without(report.survivors(), own),
                report.reclaimed(),
                report.reclaimedPages(),
                report.replayTime(),
                report.markTime(),
                report.sweepTime());
    }

    private void note(@Nullable Decision decision) {
        if (decision == null || recovery.clean()) {
            return;
        }
        recovery = new RecoveryReport(
                false,
                recovery.takenOver(),
                recovery.generation(),
                recovery.replayed(),
                recovery.survivors(),
                decision.reclaimed(),
                recovery.reclaimedPages() + decision.reclaimedPages(),
                recovery.replayTime(),
                recovery.markTime(),
                recovery.sweepTime());
    }
}
