// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.util.List;
import java.util.Optional;

/// A queue pair of a reliable connection.
///
/// ```text
/// INITIAL --connect--> CONNECTED --a request failed, disconnected--> FAILED
/// ```
///
/// Receives may be posted in all states, sends not in the first. In the last all are flushed.
final class Pair extends Owned implements RdmaStack.QueuePair {
    private enum State {
        INITIAL,
        CONNECTED,
        FAILED
    }

    private final ConnectionEnd end;
    private final Domain domain;
    private final Completions sends;
    private final Completions receives;
    private final int number;
    private final boolean signalAll;
    private final int sendPieces;
    private final int receivePieces;
    private final int inlineBytes;
    private final Requester requester;
    private final Receiver receiver;
    private State state = State.INITIAL;

    Pair(ConnectionEnd end, Domain domain, Completions sends, Completions receives, IbvQPInitAttr wanted) {
        super(end.stack(), ResourceKind.QUEUE_PAIR, end, domain, sends, receives);
        IbvQPCap capacity = wanted.cap();
        this.end = end;
        this.domain = domain;
        this.sends = sends;
        this.receives = receives;
        this.number = stack().newPairNumber();
        this.signalAll = wanted.getSq_sig_all() != 0;
        this.sendPieces = Math.max(1, capacity.getMax_send_sge());
        this.receivePieces = Math.max(1, capacity.getMax_recv_sge());
        this.inlineBytes = capacity.getMax_inline_data();
        this.requester = new Requester(this, sends, capacity.getMax_send_wr());
        this.receiver = new Receiver(this, receives, capacity.getMax_recv_wr());
        sends.attach(this);
        receives.attach(this);
    }

    Domain domain() {
        return domain;
    }

    Responder responder() {
        return receiver;
    }

    void connect(Responder peer, int retries, int receiverRetries) {
        state = State.CONNECTED;
        requester.connect(peer, retries, receiverRetries);
    }

    boolean isConnected() {
        return state == State.CONNECTED && !isGone();
    }

    boolean hasFailed() {
        return state == State.FAILED;
    }

    /// Puts the queue pair into its error state: all that is posted is flushed, and the peer gets no answers.
    void fail() {
        if (state == State.FAILED) {
            return;
        }
        state = State.FAILED;
        requester.flush();
        receiver.flush();
        receiver.wake();
    }

    /// The program has read a completion.
    void read(Completion completion) {
        if (completion.frees() == Completion.RECEIVE) {
            receiver.read();
        } else {
            requester.read(completion);
        }
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public RdmaStack.Batch newSends(List<? extends IbvSendWR> requests) {
        return () -> stack().locked(() -> {
            requireOpen();
            int accepted = 0;
            for (IbvSendWR request : requests) {
                postSend(request, accepted++);
            }
            return accepted;
        });
    }

    private void postSend(IbvSendWR request, int accepted) throws Refused {
        String call = "ibv_post_send";
        if (state == State.INITIAL) {
            throw new Refused(call, Refused.EINVAL, "accepted=" + accepted + ", the queue pair is not connected");
        }
        Optional<String> refusal = Work.refusal(request, sendPieces, inlineBytes);
        if (refusal.isPresent()) {
            throw new Refused(call, Refused.EINVAL, "accepted=" + accepted + ", " + refusal.get());
        }
        if (requester.isFull()) {
            throw new Refused(call, Refused.ENOMEM, "accepted=" + accepted + ", the send queue is full");
        }
        requester.add(Work.of(request, requester.posted(), signalAll));
    }

    @Override
    public RdmaStack.Batch newReceives(List<? extends IbvRecvWR> requests) {
        return () -> stack().locked(() -> {
            requireOpen();
            int accepted = 0;
            for (IbvRecvWR request : requests) {
                postReceive(request, accepted++);
            }
            return accepted;
        });
    }

    private void postReceive(IbvRecvWR request, int accepted) throws Refused {
        String call = "ibv_post_recv";
        int pieces = request.getSg_list().size();
        if (pieces > receivePieces) {
            throw new Refused(call, Refused.EINVAL, "accepted=" + accepted + ", pieces=" + pieces);
        }
        if (receiver.isFull()) {
            throw new Refused(call, Refused.ENOMEM, "accepted=" + accepted + ", the receive queue is full");
        }
        receiver.add(request);
    }

    @Override
    void release() {
        stack().lateWrites().settle(receiver);
        sends.detach(this);
        receives.detach(this);
        end.detach();
        receiver.wake();
    }
}
