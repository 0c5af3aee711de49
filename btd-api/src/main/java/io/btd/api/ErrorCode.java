// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// One word per kind of error: what a script, a log search or another language sees of a [BtdException].
/// Codes keep their names for ever; new ones are added at the end.
public enum ErrorCode {
    /// A size, alignment or length that cannot be served.
    INVALID_SIZE,
    /// A pointer that does not name what the call needs.
    INVALID_POINTER,
    /// The arena has no room for the request.
    FULL,
    /// The redo log has no room for the request.
    LOG_FULL,
    /// The arena file cannot be used.
    ARENA_UNUSABLE,
    /// The arena is owned by a live process.
    ARENA_OWNED,
    /// The medium or transport cannot honour the durability asked for.
    DURABILITY_REFUSED,
    /// A root name or slot number that cannot be used.
    INVALID_ROOT,
    /// A layout clashes with the one persisted under its id, or cannot be used.
    INVALID_LAYOUT,
    /// A configuration key or value that cannot be used.
    INVALID_CONFIG,
    /// The block is not in this process's reach.
    NOT_LOCAL,
    /// The block is pinned by an open view.
    PINNED,
    /// The cluster, handle or view has been closed.
    CLOSED,
    /// A thread-confined handle was used on another thread.
    WRONG_THREAD,
    /// No ZooKeeper server, or no node at all, can be reached.
    UNREACHABLE,
    /// The node cannot be reached; the call had no effect.
    NODE_DOWN,
    /// The node did not answer in time; the call had no effect.
    DEADLINE,
    /// Whether the call took effect is not known.
    OUTCOME_UNKNOWN,
    /// The node recovers and has nothing to give yet.
    RECOVERING,
    /// The node takes no more for now.
    BUSY,
    /// The session ended; what it held is gone.
    SESSION_LOST,
    /// The peers do not know each other's secret.
    UNAUTHENTICATED,
    /// The peer speaks another protocol, or breaks this one.
    PROTOCOL
}
