// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// Every error btd reports on purpose. The kinds are the nested classes; each carries the pointer it is
/// about (0 where there is none), the node (0 where none is known) and a hint what to do.
///
/// Messages read `what happened: name=value, name=value; what to do`. After any of them the cluster is as
/// it was before the call, but for [OutcomeUnknown], which says that nobody knows.
public abstract sealed class BtdException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final long pointer;
    private final String hint;
    private int node;

    private BtdException(ErrorCode code, long pointer, String what, String hint) {
        super(what + "; " + hint);
        this.code = code;
        this.pointer = pointer;
        this.hint = hint;
    }

    private BtdException(ErrorCode code, int node, String what, String hint) {
        this(code, GlobalPointer.NULL, what, hint);
        this.node = node;
    }

    /// The kind, as a word that keeps its name for ever.
    public ErrorCode code() {
        return code;
    }

    /// The pointer the error is about, or 0.
    public long pointer() {
        return pointer;
    }

    /// The node the error is about, or 0 where none is known.
    public int node() {
        return node != 0 ? node : GlobalPointer.node(pointer);
    }

    /// What the caller can do about it.
    public String hint() {
        return hint;
    }

    /// A size, alignment or length that cannot be served.
    public static final class InvalidSize extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the refused size.
        public InvalidSize(String what, String hint) {
            super(ErrorCode.INVALID_SIZE, GlobalPointer.NULL, what, hint);
        }
    }

    /// What is wrong with a pointer.
    public enum PointerFault {
        /// Not written as a pointer is, or a field out of range.
        MALFORMED,
        /// Null where a block is needed.
        NULL,
        /// Not a multiple of what the call needs (16 for blocks, 8 for words).
        MISALIGNED,
        /// Of a node or arena this cluster does not know.
        FOREIGN,
        /// Inside a block where its start is needed.
        INTERIOR,
        /// Never allocated to a program, or free by now.
        NOT_ALLOCATED,
        /// The range leaves the block.
        OUT_OF_BOUNDS,
        /// The block's scan kind does not allow the call.
        WRONG_KIND
    }

    /// A pointer that does not name what the call needs.
    public static final class InvalidPointer extends BtdException {
        private static final long serialVersionUID = 1L;
        private final PointerFault fault;

        /// Describes the refused pointer.
        public InvalidPointer(long pointer, PointerFault fault, String what, String hint) {
            super(ErrorCode.INVALID_POINTER, pointer, what, hint);
            this.fault = fault;
        }

        /// What is wrong with it.
        public PointerFault fault() {
            return fault;
        }
    }

    /// The arena has no room for the request.
    public static final class Full extends BtdException {
        private static final long serialVersionUID = 1L;
        private final long largest;

        /// Describes the request; `largest` is the largest size in bytes that would fit now, 0 for none.
        public Full(String what, long largest, String hint) {
            super(ErrorCode.FULL, GlobalPointer.NULL, what + ", largest=" + largest, hint);
            this.largest = largest;
        }

        /// The largest request in bytes that would have been served at that moment, 0 for none.
        public long largest() {
            return largest;
        }
    }

    /// The redo log has no room for the request.
    public static final class LogFull extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the request.
        public LogFull(long pointer, String what, String hint) {
            super(ErrorCode.LOG_FULL, pointer, what, hint);
        }
    }

    /// Why an arena file cannot be used.
    public enum ArenaFault {
        /// There is no such file (or folder to make it in).
        ABSENT,
        /// There is one already.
        EXISTS,
        /// Not an ordinary file or device.
        NOT_A_FILE,
        /// Too small for an arena, or a capacity that cannot be laid out.
        TOO_SMALL,
        /// Shorter than its header says.
        TRUNCATED,
        /// Not an arena at all.
        NOT_AN_ARENA,
        /// Of a format version or with a feature this program does not know.
        VERSION,
        /// Contradicts its checksum, or itself.
        CORRUPT,
        /// Moved to another machine.
        MOVED,
        /// Permission denied.
        DENIED,
        /// The medium is full.
        MEDIUM_FULL,
        /// The operating system refused.
        IO,
        /// This platform cannot hold an arena.
        UNSUPPORTED
    }

    /// The arena file cannot be used.
    public static final class ArenaUnusable extends BtdException {
        private static final long serialVersionUID = 1L;
        private final ArenaFault fault;

        /// Describes the refused arena.
        public ArenaUnusable(ArenaFault fault, String what, String hint) {
            super(ErrorCode.ARENA_UNUSABLE, GlobalPointer.NULL, what, hint);
            this.fault = fault;
        }

        /// What is wrong with it.
        public ArenaFault fault() {
            return fault;
        }
    }

    /// The arena is owned by a live process.
    public static final class ArenaOwned extends BtdException {
        private static final long serialVersionUID = 1L;
        private final long owner;

        /// Describes the owner; `owner` is its process id, 0 where unknown.
        public ArenaOwned(String what, long owner, String hint) {
            super(ErrorCode.ARENA_OWNED, GlobalPointer.NULL, what, hint);
            this.owner = owner;
        }

        /// The owner's process id, 0 where unknown.
        public long owner() {
            return owner;
        }
    }

    /// The medium or transport cannot honour the durability asked for.
    public static final class DurabilityRefused extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the request.
        public DurabilityRefused(long pointer, String what, String hint) {
            super(ErrorCode.DURABILITY_REFUSED, pointer, what, hint);
        }
    }

    /// A root name or slot number that cannot be used.
    public static final class InvalidRoot extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the name or number.
        public InvalidRoot(String what, String hint) {
            super(ErrorCode.INVALID_ROOT, GlobalPointer.NULL, what, hint);
        }
    }

    /// A layout clashes with the one persisted under its id, or cannot be used.
    public static final class InvalidLayout extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the clash.
        public InvalidLayout(String what, String hint) {
            super(ErrorCode.INVALID_LAYOUT, GlobalPointer.NULL, what, hint);
        }
    }

    /// A configuration key or value that cannot be used.
    public static final class InvalidConfig extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the key or value.
        public InvalidConfig(String what, String hint) {
            super(ErrorCode.INVALID_CONFIG, GlobalPointer.NULL, what, hint);
        }
    }

    /// The block is not in this process's reach.
    public static final class NotLocal extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the block.
        public NotLocal(long pointer, String what, String hint) {
            super(ErrorCode.NOT_LOCAL, pointer, what, hint);
        }
    }

    /// The block is pinned by an open view.
    public static final class Pinned extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the block.
        public Pinned(long pointer, String what, String hint) {
            super(ErrorCode.PINNED, pointer, what, hint);
        }
    }

    /// The cluster, handle or view has been closed.
    public static final class Closed extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what was closed.
        public Closed(String what) {
            super(ErrorCode.CLOSED, GlobalPointer.NULL, what, "open it again");
        }
    }

    /// A thread-confined handle was used on another thread.
    public static final class WrongThread extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes the handle.
        public WrongThread(String what, String hint) {
            super(ErrorCode.WRONG_THREAD, GlobalPointer.NULL, what, hint);
        }
    }

    /// No ZooKeeper server, or no node at all, can be reached within the deadline.
    public static final class Unreachable extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what was tried.
        public Unreachable(String what, String hint) {
            super(ErrorCode.UNREACHABLE, GlobalPointer.NULL, what, hint);
        }
    }

    /// The node cannot be reached within the deadline. The call had no effect.
    public static final class NodeDown extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public NodeDown(int node, String what, String hint) {
            super(ErrorCode.NODE_DOWN, node, what, hint);
        }
    }

    /// The node did not answer within the deadline. The call had no effect.
    public static final class Deadline extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public Deadline(int node, String what, String hint) {
            super(ErrorCode.DEADLINE, node, what, hint);
        }
    }

    /// The call was sent, and its answer will not come: the node restarted, the connection broke or the time was up.
    /// It may have taken effect, wholly, or not at all. It is never repeated silently.
    public static final class OutcomeUnknown extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public OutcomeUnknown(int node, String what, String hint) {
            super(ErrorCode.OUTCOME_UNKNOWN, node, what, hint);
        }
    }

    /// The node came back after a crash and cannot give back yet what nobody holds, so it has nothing to give.
    public static final class Recovering extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public Recovering(int node, String what, String hint) {
            super(ErrorCode.RECOVERING, node, what, hint);
        }
    }

    /// The node takes no more for now: sessions, or requests of this one.
    public static final class Busy extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public Busy(int node, String what, String hint) {
            super(ErrorCode.BUSY, node, what, hint);
        }
    }

    /// The session ended, because the node heard nothing of this client within the lease. What the session held and
    /// had not published is gone.
    public static final class SessionLost extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public SessionLost(int node, String what, String hint) {
            super(ErrorCode.SESSION_LOST, node, what, hint);
        }
    }

    /// One of the peers does not know the shared secret.
    public static final class Unauthenticated extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public Unauthenticated(int node, String what, String hint) {
            super(ErrorCode.UNAUTHENTICATED, node, what, hint);
        }
    }

    /// The peer speaks another version of the protocol, or breaks it.
    public static final class Protocol extends BtdException {
        private static final long serialVersionUID = 1L;

        /// Describes what happened; `node` is 0 where none is known.
        public Protocol(int node, String what, String hint) {
            super(ErrorCode.PROTOCOL, node, what, hint);
        }
    }
}
