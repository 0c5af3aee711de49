// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.heap.SessionRecord;
import io.btd.heap.SessionTable;
import io.btd.node.session.SessionRecords;
import java.util.List;

/// The records of sessions in the node's arena.
///
/// @param leaseMillis lease of sessions that are opened
/// @param generation of the arena
public record TableRecords(SessionTable table, long leaseMillis, long generation) implements SessionRecords {

    @Override
    public List<SessionRecord> all() {
        return table.sessions();
    }

    @Override
    public SessionRecord open(long clientHigh, long clientLow) {
        long id = table.open(clientHigh, clientLow, leaseMillis);
        return new SessionRecord(id, clientHigh, clientLow, leaseMillis, generation);
    }

    @Override
    public void close(SessionRecord session) {
        table.close(session.id());
    }
}
