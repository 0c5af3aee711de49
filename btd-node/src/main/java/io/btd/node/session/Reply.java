// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.wire.MessageType;
import io.btd.api.wire.Response;
import org.jspecify.annotations.Nullable;

/// A mutating request that arrived, and what became of it. Guarded by its session's lock.
final class Reply {
    private static final long[] NOTHING = {};

    final MessageType type;
    final long id;
    long charge;

    @Nullable
    SessionLink asker;

    @Nullable
    Response answer;

    long[] published = NOTHING;

    /// @param charge bytes that its answer may take
    /// @param asker where the answer goes
    Reply(MessageType type, long id, long charge, SessionLink asker) {
        this.type = type;
        this.id = id;
        this.charge = charge;
        this.asker = asker;
    }
}
