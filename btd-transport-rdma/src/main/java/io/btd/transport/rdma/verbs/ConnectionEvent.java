// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.nio.ByteBuffer;
import java.util.Optional;

/// What happened to a connection.
///
/// @param kind what
/// @param status 0, or why not: a negative error number, or the fabric's reason of a rejection
/// @param id whose; for a request the new end, which has to be accepted, rejected or closed
/// @param listener of a request: who listens
/// @param privateData what the peer sent along, perhaps with zeros behind it; read-only
/// @param responderResources READs and atomics that the peer asks to be answered at a time
/// @param initiatorDepth READs and atomics that the peer asks at a time
public record ConnectionEvent(
        ConnectionEventKind kind,
        int status,
        ConnectionId id,
        Optional<ConnectionId> listener,
        ByteBuffer privateData,
        int responderResources,
        int initiatorDepth) {}
