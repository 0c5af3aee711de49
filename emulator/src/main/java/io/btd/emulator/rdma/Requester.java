// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The send queue of a queue pair. The wire does its requests one after the other; the first one may have to wait, and
/// all behind it wait too. Guarded by the lock of the stack.
final class Requester {
    /// This many retries of a receiver that is not ready are without end.
    private static final int WITHOUT_END = 7;

    private final Pair pair;
    private final Completions completions;
    private final int room;
    private final Deque<Work> queue = new ArrayDeque<>();
    private @Nullable Responder peer;
    private int retries;
    private int receiverRetries;

    private long posted;
    /// Send requests of which the program knows that they are over.
    private long over;

    /// Whether the wire has this, or will have it.
    private boolean busy;

    // Of the first request:
    private int attempts;
    private int losses;
    private int notReady;
    /// What its answer was, where that was lost.
    private Optional<Answer> done = Optional.empty();

    Requester(Pair pair, Completions completions, int room) {
        this.pair = pair;
        this.completions = completions;
        this.room = room;
    }

    void connect(Responder responder, int tries, int receiverTries) {
        peer = responder;
        retries = tries;
        receiverRetries = receiverTries;
        responder.whenReady(this::wake);
    }

    boolean isFull() {
        return posted - over >= room;
    }

    long posted() {
        return posted;
    }

    void add(Work work) {
        posted++;
        queue.add(work);
        wake();
    }

    void read(Completion completion) {
        over = Math.max(over, completion.frees());
    }

    private void wake() {
        if (!busy && !queue.isEmpty() && !pair.isGone()) {
            busy = true;
            pair.stack().soon(this::work);
        }
    }

    private void work() {
        boolean more = true;
        while (more) {
            more = pair.stack().locked(this::step);
        }
    }

    /// Makes an attempt at the first request.
    ///
    /// @return whether there is something to do at once
    private boolean step() {
        Work work = queue.peek();
        if (work == null || pair.isGone()) {
            return rest();
        }
        if (pair.hasFailed()) {
            flush();
            return rest();
        }
        FaultPoint point = new FaultPoint(work.opcode(), pair.number(), work.sequence(), attempts++);
        return switch (pair.stack().faults().at(point)) {
            case DELAYED -> later();
            case QUEUE_PAIR_FAILED -> end(work, IbvWcStatus.IBV_WC_FATAL_ERR);
            case REQUEST_LOST -> lost(work);
            case ANSWER_LOST -> {
                Optional<Answer> answer = answer(work, false);
                done = answer.filter(one -> one != Answer.NOT_READY);
                yield answer.isEmpty() || lost(work);
            }
            case RECEIVER_NOT_READY -> work.usesReceive() ? notReady(work, true) : deliver(work, false);
            case LATE_WRITE -> deliver(work, work.isWrite());
            case NONE -> deliver(work, false);
        };
    }

    private boolean rest() {
        busy = false;
        return false;
    }

    private boolean later() {
        pair.stack().later(this::work);
        return false;
    }

    private boolean lost(Work work) {
        return losses++ < retries || end(work, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
    }

    private boolean deliver(Work work, boolean late) {
        Optional<Answer> answer = answer(work, late);
        if (answer.isEmpty()) {
            return true;
        }
        return answer.get() == Answer.NOT_READY
                ? notReady(work, false)
                : end(work, answer.get().status());
    }

    /// Sends the request, unless the peer did it already; empty where it ended before it was sent.
    private Optional<Answer> answer(Work work, boolean late) {
        if (done.isPresent()) {
            return done;
        }
        if (!work.hasTheRightLength()) {
            end(work, IbvWcStatus.IBV_WC_LOC_LEN_ERR);
            return Optional.empty();
        }
        Optional<List<MemorySegment>> local = local(work);
        if (local.isEmpty()) {
            end(work, IbvWcStatus.IBV_WC_LOC_PROT_ERR);
            return Optional.empty();
        }
        Responder responder = peer;
        return Optional.of(
                responder == null ? Answer.NONE : responder.answer(new Request(work, local.get(), work.bytes(), late)));
    }

    private Optional<List<MemorySegment>> local(Work work) {
        if (work.inline().isPresent()) {
            return Optional.of(List.of(work.inline().get()));
        }
        return Piece.memory(pair, work.pieces(), work.brings() ? IbvMr.IBV_ACCESS_LOCAL_WRITE : 0);
    }

    /// The peer has nowhere to receive. It wakes this when it has; who counts, or was lied to, asks again.
    private boolean notReady(Work work, boolean pretended) {
        if (receiverRetries == WITHOUT_END) {
            return pretended ? later() : rest();
        }
        return notReady++ < receiverRetries ? later() : end(work, Answer.NOT_READY.status());
    }

    private boolean end(Work work, IbvWcStatus status) {
        queue.remove();
        attempts = 0;
        losses = 0;
        notReady = 0;
        done = Optional.empty();
        boolean success = status == IbvWcStatus.IBV_WC_SUCCESS;
        if (!success || work.signalled()) {
            complete(work, status);
        }
        if (!success) {
            pair.fail();
        }
        return true;
    }

    void flush() {
        while (!queue.isEmpty()) {
            complete(queue.remove(), IbvWcStatus.IBV_WC_WR_FLUSH_ERR);
        }
    }

    private void complete(Work work, IbvWcStatus status) {
        completions.add(new Completion(
                pair,
                work.id(),
                status,
                work.completes(),
                work.brings() ? work.bytes() : 0,
                0,
                false,
                false,
                work.sequence() + 1));
    }
}
