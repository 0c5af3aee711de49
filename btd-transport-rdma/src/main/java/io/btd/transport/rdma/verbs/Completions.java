// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import com.ibm.disni.verbs.IbvWC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/// Room for completions, filled again and again by [CompletionQueue#poll]. Used by one thread at a time.
///
/// Of a completion that failed only [#id], [#status], [#queuePair] and [#vendorError] mean anything.
public final class Completions {
    private static final long SIZE = Structures.WC.byteSize();
    private static final VarHandle ID = Structures.handle(Structures.WC, "wr_id");
    private static final VarHandle STATUS = Structures.handle(Structures.WC, "status");
    private static final VarHandle OPCODE = Structures.handle(Structures.WC, "opcode");
    private static final VarHandle VENDOR_ERROR = Structures.handle(Structures.WC, "vendor_err");
    private static final VarHandle BYTES = Structures.handle(Structures.WC, "byte_len");
    private static final VarHandle IMMEDIATE = Structures.handle(Structures.WC, "imm_data");
    private static final VarHandle QUEUE_PAIR = Structures.handle(Structures.WC, "qp_num");
    private static final VarHandle FLAGS = Structures.handle(Structures.WC, "wc_flags");
    private static final int RECEIVE = 0x80;
    private static final int WITH_IMMEDIATE = 2;

    private final MemorySegment memory;
    private final int capacity;
    private int found;

    private Completions(MemorySegment memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
    }

    /// Makes room for a number of completions.
    public static Completions allocate(Arena arena, int capacity) {
        return new Completions(arena.allocate(Structures.WC, capacity), capacity);
    }

    /// How many fit.
    public int capacity() {
        return capacity;
    }

    MemorySegment memory() {
        return memory;
    }

    int found(int count) {
        found = count;
        return count;
    }

    /// What the request was given as its id.
    public long id(int index) {
        return (long) ID.get(memory, at(index));
    }

    /// How the request ended.
    public CompletionStatus status(int index) {
        return CompletionStatus.of((int) STATUS.get(memory, at(index)));
    }

    /// The number of the queue pair.
    public int queuePair(int index) {
        return (int) QUEUE_PAIR.get(memory, at(index));
    }

    /// What the device's maker has to say about a failure.
    public int vendorError(int index) {
        return (int) VENDOR_ERROR.get(memory, at(index));
    }

    /// Whether something was received, rather than done for this side.
    public boolean isReceive(int index) {
        return ((int) OPCODE.get(memory, at(index)) & RECEIVE) != 0;
    }

    /// How many bytes arrived: of what was received or read.
    public int bytes(int index) {
        return (int) BYTES.get(memory, at(index));
    }

    /// Whether [#immediate] was sent along.
    public boolean hasImmediate(int index) {
        return ((int) FLAGS.get(memory, at(index)) & WITH_IMMEDIATE) != 0;
    }

    /// The number that was sent along.
    public int immediate(int index) {
        return (int) IMMEDIATE.get(memory, at(index));
    }

    /// Writes one into DiSNI's record, with the queue pair also where the request failed.
    void copy(int index, IbvWC into) {
        long at = at(index);
        into.setWr_id((long) ID.get(memory, at));
        into.setStatus((int) STATUS.get(memory, at));
        into.setOpcode((int) OPCODE.get(memory, at));
        into.setVendor_err((int) VENDOR_ERROR.get(memory, at));
        into.setByte_len((int) BYTES.get(memory, at));
        into.setImm_data((int) IMMEDIATE.get(memory, at));
        into.setQp_num((int) QUEUE_PAIR.get(memory, at));
        into.setWc_flags((int) FLAGS.get(memory, at));
    }

    private long at(int index) {
        return Objects.checkIndex(index, found) * SIZE;
    }
}
