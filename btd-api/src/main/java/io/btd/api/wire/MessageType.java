// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;

/// The kinds of frames, by the number in the frame's header. The response to a request has the request's number with
/// [#RESPONSE] added, or is [#FAILED].
public enum MessageType {
    /// Client: opens or resumes a session.
    HELLO(1),
    /// Node: asks for proof that the client knows the secret.
    CHALLENGE(2),
    /// Client: proves it.
    PROOF(3),
    /// Node: the session is open.
    WELCOME(4),
    /// Either: why the connection ends.
    GOODBYE(5),
    /// Node: blocks that this session held were freed by another; to be answered by `RELEASED`.
    NOTICE(6),

    /// Keeps the lease.
    PING(16),
    /// Allocates blocks.
    MALLOC(17),
    /// Allocates typed blocks.
    MALLOC_TYPED(18),
    /// Frees blocks.
    FREE(19),
    /// Resizes a block.
    REALLOC(20),
    /// Asks for usable sizes.
    USABLE_SIZE(21),
    /// Replaces a pointer and frees what it led to.
    UNLINK_AND_FREE(22),
    /// Becomes a holder of blocks.
    ADOPT(23),
    /// Says what the session holds, after the node restarted.
    DECLARE(24),
    /// Answers a notice.
    RELEASED(25),
    /// Makes blocks fit to be referred to from other nodes.
    EXPORT(26),

    /// Failure-atomic copy of bytes into a block.
    MEMCPY(32),
    /// Failure-atomic copy from block to block.
    COPY(33),
    /// Copy of bytes without a log, to one or many places.
    WRITE(34),
    /// Reads one or many places.
    READ(35),
    /// Reads an aligned word.
    GET_LONG(36),
    /// Stores a pointer.
    PUT_POINTER(37),
    /// Compares and replaces a word.
    COMPARE_AND_SET(38),
    /// Adds to a word.
    GET_AND_ADD(39),
    /// Replaces a word.
    GET_AND_SET(40),

    /// Looks a name up.
    ROOT_GET(48),
    /// Publishes a block under a name.
    ROOT_PUT(49),
    /// Removes a name.
    ROOT_REMOVE(50),
    /// Lists names.
    ROOT_NAMES(51),
    /// Reads a set-once slot.
    SLOT_GET(52),
    /// Sets a set-once slot.
    SLOT_SET(53),

    /// Asks for the node's state.
    STAT(64),
    /// Many requests in one frame.
    BATCH(65),
    /// Ends the session.
    CLOSE(66),

    /// Node: the request was refused; the payload is the error.
    FAILED(255);

    /// What a response's number has beyond its request's.
    public static final int RESPONSE = 128;

    private static final MessageType[] BY_CODE = new MessageType[256];

    static {
        for (MessageType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /// The number of the frame, for a request or a frame of the handshake.
    public int code() {
        return code;
    }

    /// The number of a response to this request.
    public int responseCode() {
        return code | RESPONSE;
    }

    /// The type of a frame that is no response, by its number; of a response, the type of its request.
    ///
    /// @throws BtdException.Protocol for a number nobody knows
    public static MessageType of(int code) {
        MessageType type = code < 0 || code > 255 ? null : code == FAILED.code ? FAILED : BY_CODE[code & ~RESPONSE];
        if (type == null) {
            throw new BtdException.Protocol(0, "frame of an unknown type: type=" + code, "use a matching version");
        }
        return type;
    }

    /// Whether the number is that of a response.
    public static boolean isResponse(int code) {
        return (code & RESPONSE) != 0;
    }
}
