// SPDX-License-Identifier: Apache-2.0
package io.btd.node.arena;

import io.btd.api.ArenaConfig;
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
        recovery = opened.report();
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

    /// What opening found and did, and what was decided since.
    public RecoveryReport recovery() {
        return recovery;
    }

    /// Every session has said what it holds, or lapsed: what nobody holds comes home.
    public void decide() {
        note(arena.heap().decide());
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
