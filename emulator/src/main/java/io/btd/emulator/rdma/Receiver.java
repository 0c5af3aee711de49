// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC.IbvWcOpcode;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The receive queue of a queue pair, and what it does for its peer. What is not allowed puts the queue pair into its
/// error state. Guarded by the lock of the stack.
final class Receiver implements Responder {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final Pair pair;
    private final Completions completions;
    private final int room;
    private final Deque<Receive> queue = new ArrayDeque<>();
    private Runnable wake = () -> {};

    /// Receives of which the program does not know yet that they are over.
    private int underWay;

    private record Receive(long id, List<Piece> pieces) {}

    Receiver(Pair pair, Completions completions, int room) {
        this.pair = pair;
        this.completions = completions;
        this.room = room;
    }

    boolean isFull() {
        return underWay == room;
    }

    void add(IbvRecvWR request) {
        underWay++;
        queue.add(new Receive(request.getWr_id(), Piece.of(request.getSg_list())));
        if (pair.hasFailed()) {
            flush();
        } else {
            wake.run();
        }
    }

    void read() {
        underWay--;
    }

    @Override
    public void whenReady(Runnable asker) {
        wake = asker;
    }

    /// Who waits is to ask again.
    void wake() {
        wake.run();
    }

    @Override
    public Answer answer(Request request) {
        if (!pair.isConnected()) {
            return Answer.NONE;
        }
        pair.stack().lateWrites().settle(this);
        Work work = request.work();
        if (work.usesReceive() && queue.isEmpty()) {
            return Answer.NOT_READY;
        }
        Answer answer = switch (work.opcode()) {
            case IbvSendWR.IBV_WR_SEND, IbvSendWR.IBV_WR_SEND_WITH_IMM -> receive(request);
            case IbvSendWR.IBV_WR_RDMA_READ -> read(request);
            case IbvSendWR.IBV_WR_RDMA_WRITE, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM -> write(request);
            default -> atomic(request);
        };
        if (answer != Answer.DONE) {
            pair.fail();
        }
        return answer;
    }

    private Answer receive(Request request) {
        Receive receive = queue.remove();
        if (Piece.bytes(receive.pieces) < request.bytes()) {
            complete(receive, request, IbvWcStatus.IBV_WC_LOC_LEN_ERR);
            return Answer.INVALID;
        }
        Optional<List<MemorySegment>> memory = Piece.memory(pair, receive.pieces, IbvMr.IBV_ACCESS_LOCAL_WRITE);
        if (memory.isEmpty()) {
            complete(receive, request, IbvWcStatus.IBV_WC_LOC_PROT_ERR);
            return Answer.FAILED;
        }
        Piece.copy(request.local(), memory.get());
        complete(receive, request, IbvWcStatus.IBV_WC_SUCCESS);
        return Answer.DONE;
    }

    private Answer write(Request request) {
        if (request.bytes() > 0) {
            Optional<MemorySegment> memory = memory(request, IbvMr.IBV_ACCESS_REMOTE_WRITE);
            if (memory.isEmpty()) {
                return Answer.NO_ACCESS;
            }
            if (request.late()) {
                writeLate(request, memory.get());
            } else {
                Piece.copy(request.local(), List.of(memory.get()));
            }
        }
        if (request.work().hasImmediate()) {
            complete(queue.remove(), request, IbvWcStatus.IBV_WC_SUCCESS);
        }
        return Answer.DONE;
    }

    private void writeLate(Request request, MemorySegment memory) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.toIntExact(request.bytes())]);
        Piece.copy(request.local(), List.of(bytes));
        LateWrites late = pair.stack().lateWrites();
        late.add(this, bytes, memory);
        pair.stack()
                .later(() -> pair.stack().locked(() -> {
                    late.settle(this);
                    return memory;
                }));
    }

    private Answer read(Request request) {
        if (request.bytes() == 0) {
            return Answer.DONE;
        }
        Optional<MemorySegment> memory = memory(request, IbvMr.IBV_ACCESS_REMOTE_READ);
        memory.ifPresent(source -> Piece.copy(List.of(source), request.local()));
        return memory.isPresent() ? Answer.DONE : Answer.NO_ACCESS;
    }

    private Answer atomic(Request request) {
        Work work = request.work();
        if (work.remoteAddress() % Long.BYTES != 0) {
            return Answer.INVALID;
        }
        Optional<MemorySegment> memory = memory(request, IbvMr.IBV_ACCESS_REMOTE_ATOMIC);
        if (memory.isEmpty()) {
            return Answer.NO_ACCESS;
        }
        long was = work.opcode() == IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP
                ? (long) WORD.compareAndExchange(memory.get(), 0L, work.compareAdd(), work.swap())
                : (long) WORD.getAndAdd(memory.get(), 0L, work.compareAdd());
        request.local().getFirst().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, was);
        return Answer.DONE;
    }

    private Optional<MemorySegment> memory(Request request, int access) {
        Work work = request.work();
        return pair.stack()
                .regions()
                .remote(pair.domain(), work.remoteKey(), work.remoteAddress(), request.bytes(), access);
    }

    private void complete(Receive receive, Request request, IbvWcStatus status) {
        Work work = request.work();
        completions.add(new Completion(
                pair,
                receive.id,
                status,
                work.isWrite() ? IbvWcOpcode.IBV_WC_RECV_RDMA_WITH_IMM : IbvWcOpcode.IBV_WC_RECV,
                request.bytes(),
                work.immediate(),
                work.hasImmediate(),
                work.solicited(),
                Completion.RECEIVE));
    }

    void flush() {
        while (!queue.isEmpty()) {
            completions.add(new Completion(
                    pair,
                    queue.remove().id,
                    IbvWcStatus.IBV_WC_WR_FLUSH_ERR,
                    IbvWcOpcode.IBV_WC_RECV,
                    0,
                    0,
                    false,
                    false,
                    Completion.RECEIVE));
        }
    }
}
