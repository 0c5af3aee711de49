// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;

/// A list of work requests: one-sided reads, writes and atomics, and sends. Made once and posted many times; used by
/// one
/// thread at a time.
///
/// A method named after an operation begins a request; [#piece] and [#signalled], [#fenced], [#solicited] and [#inline]
/// complete it.
public final class SendRequests extends RequestList {
    private static final VarHandle ID = Structures.handle(Structures.SEND_WR, "wr_id");
    private static final VarHandle NEXT = Structures.handle(Structures.SEND_WR, "next");
    private static final VarHandle PIECES = Structures.handle(Structures.SEND_WR, "sg_list");
    private static final VarHandle PIECE_COUNT = Structures.handle(Structures.SEND_WR, "num_sge");
    private static final VarHandle OPCODE = Structures.handle(Structures.SEND_WR, "opcode");
    private static final VarHandle FLAGS = Structures.handle(Structures.SEND_WR, "send_flags");
    private static final VarHandle IMMEDIATE = Structures.handle(Structures.SEND_WR, "imm_data");
    private static final VarHandle REMOTE_ADDRESS = Structures.handle(Structures.SEND_WR, "remote_addr");
    private static final VarHandle REMOTE_KEY = Structures.handle(Structures.SEND_WR, "rkey");
    private static final VarHandle COMPARE_ADD = Structures.handle(Structures.ATOMIC_WR, "compare_add");
    private static final VarHandle SWAP = Structures.handle(Structures.ATOMIC_WR, "swap");
    private static final VarHandle ATOMIC_KEY = Structures.handle(Structures.ATOMIC_WR, "rkey");

    private static final int WRITE = 0;
    private static final int WRITE_WITH_IMMEDIATE = 1;
    private static final int SEND = 2;
    private static final int SEND_WITH_IMMEDIATE = 3;
    private static final int READ = 4;
    private static final int COMPARE_AND_SWAP = 5;
    private static final int FETCH_AND_ADD = 6;

    private static final int FENCE = 1;
    private static final int SIGNALLED = 2;
    private static final int SOLICITED = 4;
    private static final int INLINE = 8;

    /// Where the latest request is, and what it is.
    private long latest;
    private int operation;
    /// Bytes of its pieces.
    private long bytes;

    private boolean isInline;
    /// The most bytes that a request of the list has inline.
    private long mostInline;

    private SendRequests(Arena arena, int capacity, int pieces) {
        super(arena, Structures.SEND_WR, capacity, pieces);
    }

    /// Makes room for requests with so many pieces each.
    public static SendRequests allocate(Arena arena, int capacity, int pieces) {
        return new SendRequests(arena, capacity, pieces);
    }

    /// Begins a READ of the peer's memory into the pieces.
    ///
    /// @param id comes back with the completion
    public SendRequests read(long id, long remoteAddress, int remoteKey) {
        return oneSided(READ, id, remoteAddress, remoteKey);
    }

    /// Begins a WRITE of the pieces into the peer's memory.
    public SendRequests write(long id, long remoteAddress, int remoteKey) {
        return oneSided(WRITE, id, remoteAddress, remoteKey);
    }

    /// Begins a WRITE that also uses up one of the peer's receives, which tells it the number.
    public SendRequests writeWithImmediate(long id, long remoteAddress, int remoteKey, int immediate) {
        oneSided(WRITE_WITH_IMMEDIATE, id, remoteAddress, remoteKey);
        IMMEDIATE.set(memory(), latest, immediate);
        return this;
    }

    /// Begins a SEND of the pieces into the peer's next receive.
    public SendRequests send(long id) {
        return start(SEND, id);
    }

    /// Begins a SEND with a number beside it.
    public SendRequests sendWithImmediate(long id, int immediate) {
        start(SEND_WITH_IMMEDIATE, id);
        IMMEDIATE.set(memory(), latest, immediate);
        return this;
    }

    /// Begins a compare and swap of a word. Its piece of 8 bytes gets what the word was.
    ///
    /// @param remoteAddress a multiple of 8
    public SendRequests compareAndSwap(long id, long remoteAddress, int remoteKey, long expected, long replacement) {
        atomic(COMPARE_AND_SWAP, id, remoteAddress, remoteKey, expected);
        SWAP.set(memory(), latest, replacement);
        return this;
    }

    /// Begins an addition to a word. Its piece of 8 bytes gets what the word was.
    ///
    /// @param remoteAddress a multiple of 8
    public SendRequests fetchAndAdd(long id, long remoteAddress, int remoteKey, long addend) {
        return atomic(FETCH_AND_ADD, id, remoteAddress, remoteKey, addend);
    }

    private SendRequests atomic(int opcode, long id, long remoteAddress, int remoteKey, long operand) {
        if (remoteAddress % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "an atomic needs an aligned word: address=" + remoteAddress + "; take a multiple of 8");
        }
        start(opcode, id);
        REMOTE_ADDRESS.set(memory(), latest, remoteAddress);
        COMPARE_ADD.set(memory(), latest, operand);
        ATOMIC_KEY.set(memory(), latest, remoteKey);
        return this;
    }

    private SendRequests oneSided(int opcode, long id, long remoteAddress, int remoteKey) {
        start(opcode, id);
        REMOTE_ADDRESS.set(memory(), latest, remoteAddress);
        REMOTE_KEY.set(memory(), latest, remoteKey);
        return this;
    }

    private SendRequests start(int opcode, long id) {
        latest = begin(PIECES);
        operation = opcode;
        bytes = 0;
        isInline = false;
        ID.set(memory(), latest, id);
        OPCODE.set(memory(), latest, opcode);
        return this;
    }

    /// Adds a piece of local memory to the latest request.
    ///
    /// @param key the local key of its region; of no meaning where the request is inline
    public SendRequests piece(long address, int length, int key) {
        if (operation >= COMPARE_AND_SWAP && (length != Long.BYTES || pieces() != 0)) {
            throw new IllegalArgumentException(
                    "an atomic has one piece of 8 bytes: length=" + length + ", pieces=" + (pieces() + 1));
        }
        addPiece(address, length, key);
        bytes += Integer.toUnsignedLong(length);
        noteInline();
        return this;
    }

    /// The latest request completes on the queue also if it succeeds.
    public SendRequests signalled() {
        return flag(SIGNALLED);
    }

    /// The latest request waits for the READs and atomics before it.
    public SendRequests fenced() {
        return flag(FENCE);
    }

    /// The peer's completion of the latest request rings, even if it waits for such only.
    public SendRequests solicited() {
        return flag(SOLICITED);
    }

    /// The pieces of the latest request are copied when it is posted, and need no key.
    public SendRequests inline() {
        if (operation >= READ) {
            throw new IllegalStateException("only WRITE and SEND can be inline: opcode=" + operation);
        }
        flag(INLINE);
        isInline = true;
        noteInline();
        return this;
    }

    private void noteInline() {
        if (isInline) {
            mostInline = Math.max(mostInline, bytes);
        }
    }

    private SendRequests flag(int flag) {
        if (count() == 0) {
            throw new IllegalStateException("there is no request to complete; begin one");
        }
        FLAGS.set(memory(), latest, (int) FLAGS.get(memory(), latest) | flag);
        return this;
    }

    /// The most bytes that a request of the list has inline, 0 where none has.
    long mostInline() {
        return mostInline;
    }

    @Override
    public void clear() {
        super.clear();
        operation = WRITE;
        mostInline = 0;
    }

    @Override
    VarHandle next() {
        return NEXT;
    }

    @Override
    VarHandle pieceCount() {
        return PIECE_COUNT;
    }
}
