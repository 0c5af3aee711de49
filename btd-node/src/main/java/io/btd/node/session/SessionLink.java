// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.BtdException;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Response;

/// The connection of a session, as the session sees it. Thread-safe; nothing here waits.
public interface SessionLink {

    /// Sends the answer to a request of this type.
    void answer(MessageType type, long id, Response answer);

    /// Tells that blocks the session holds were freed by others.
    void notice(long[] blocks);

    /// Says why, and closes the connection.
    void goodbye(BtdException why);
}
