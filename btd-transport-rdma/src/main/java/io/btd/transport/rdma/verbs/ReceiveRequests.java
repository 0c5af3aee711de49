// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;

/// A list of places to receive into. Made once and posted many times; used by one thread at a time.
public final class ReceiveRequests extends RequestList {
    private static final VarHandle ID = Structures.handle(Structures.RECV_WR, "wr_id");
    private static final VarHandle NEXT = Structures.handle(Structures.RECV_WR, "next");
    private static final VarHandle PIECES = Structures.handle(Structures.RECV_WR, "sg_list");
    private static final VarHandle PIECE_COUNT = Structures.handle(Structures.RECV_WR, "num_sge");

    private ReceiveRequests(Arena arena, int capacity, int pieces) {
        super(arena, Structures.RECV_WR, capacity, pieces);
    }

    /// Makes room for requests with so many pieces each.
    public static ReceiveRequests allocate(Arena arena, int capacity, int pieces) {
        return new ReceiveRequests(arena, capacity, pieces);
    }

    /// Begins a request. Without a piece it receives a message of length 0, or an immediate.
    public ReceiveRequests receive(long id) {
        long at = begin(PIECES);
        ID.set(memory(), at, id);
        return this;
    }

    /// Adds a piece to the latest request.
    ///
    /// @param key the local key of a region with `LOCAL_WRITE`
    public ReceiveRequests piece(long address, int length, int key) {
        addPiece(address, length, key);
        return this;
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
