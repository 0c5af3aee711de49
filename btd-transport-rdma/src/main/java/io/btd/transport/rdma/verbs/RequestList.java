// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Memory for a list of work requests: the requests, behind them their pieces, and a word for the first one that a
/// device
/// refused.
///
/// ```text
/// base                    request 0, 1, ... capacity - 1
/// base + capacity * size  pieces of request 0, of request 1, ...: 16 bytes each
/// ```
///
/// Used by one thread at a time.
abstract sealed class RequestList permits SendRequests, ReceiveRequests {
    private static final long PIECE = Structures.SGE.byteSize();
    private static final VarHandle ADDRESS = Structures.handle(Structures.SGE, "addr");
    private static final VarHandle LENGTH = Structures.handle(Structures.SGE, "length");
    private static final VarHandle KEY = Structures.handle(Structures.SGE, "lkey");

    private final MemorySegment memory;
    private final MemorySegment firstRefused;
    private final long size;
    private final int capacity;
    private final int piecesEach;
    private int count;
    private int pieces;

    RequestList(Arena arena, StructLayout request, int capacity, int piecesEach) {
        if (capacity < 1 || piecesEach < 0) {
            throw new IllegalArgumentException("no room for requests: capacity=" + capacity + ", pieces=" + piecesEach
                    + "; ask for 1 and 0 at least");
        }
        this.size = request.byteSize();
        this.capacity = capacity;
        this.piecesEach = piecesEach;
        this.memory = arena.allocate(MemoryLayout.sequenceLayout(
                Math.addExact(
                                Math.multiplyExact(size, capacity),
                                Math.multiplyExact(PIECE, Math.multiplyExact((long) capacity, piecesEach)))
                        / Long.BYTES,
                ValueLayout.JAVA_LONG));
        this.firstRefused = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /// Where a request links to the next one.
    abstract VarHandle next();

    /// Where a request counts its pieces.
    abstract VarHandle pieceCount();

    /// How many requests are in the list.
    public final int count() {
        return count;
    }

    /// How many fit.
    public final int capacity() {
        return capacity;
    }

    /// Empties the list. What was posted of it stays posted.
    public void clear() {
        count = 0;
        pieces = 0;
    }

    /// Begins a request that is zero but for its list of pieces, and links the one before to it.
    ///
    /// @return its offset
    final long begin(VarHandle pieceList) {
        if (count == capacity) {
            throw new IllegalStateException(
                    "the list is full: capacity=" + capacity + "; post it, or make a longer one");
        }
        long at = count * size;
        memory.asSlice(at, size).fill((byte) 0);
        if (piecesEach > 0) {
            pieceList.set(memory, at, memory.address() + pieceOffset(count));
        }
        if (count > 0) {
            next().set(memory, at - size, memory.address() + at);
        }
        count++;
        pieces = 0;
        return at;
    }

    /// Adds a piece to the latest request.
    final void addPiece(long address, int length, int key) {
        if (count == 0) {
            throw new IllegalStateException("there is no request to add to; begin one");
        }
        if (pieces == piecesEach) {
            throw new IllegalStateException(
                    "the request has all its pieces: pieces=" + piecesEach + "; make a list with more");
        }
        long at = pieceOffset(count - 1) + pieces * PIECE;
        ADDRESS.set(memory, at, address);
        LENGTH.set(memory, at, length);
        KEY.set(memory, at, key);
        pieces++;
        pieceCount().set(memory, (count - 1) * size, pieces);
    }

    private long pieceOffset(int request) {
        return capacity * size + (long) request * piecesEach * PIECE;
    }

    /// How many pieces the latest request has.
    final int pieces() {
        return pieces;
    }

    final MemorySegment memory() {
        return memory;
    }

    /// Where the device writes the address of the first request it refused.
    final MemorySegment firstRefused() {
        firstRefused.set(ValueLayout.JAVA_LONG, 0, 0L);
        return firstRefused;
    }

    /// After a refusal: how many requests the device had taken before.
    final int accepted() {
        long refused = firstRefused.get(ValueLayout.JAVA_LONG, 0) - memory.address();
        return refused >= 0 && refused < count * size ? (int) (refused / size) : 0;
    }
}
