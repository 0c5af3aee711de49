// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.heap.SessionRecord;
import java.util.List;

/// The sessions that a node has promised something to: *persistent*. Thread-safe.
public interface SessionRecords {

    /// Every session that was opened and not closed.
    List<SessionRecord> all();

    /// Opens one; durable on return.
    ///
    /// @throws io.btd.api.BtdException.Full when there is no memory for it
    SessionRecord open(long clientHigh, long clientLow);

    /// Closes one; durable on return.
    void close(SessionRecord session);
}
