// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The send and the receive queue of a reliable connection. Safe for use by any thread; a list of requests belongs to
/// one
/// thread at a time, and may be used again as soon as it is posted.
public final class QueuePair extends Resource {
    private static final int RELIABLE = 2;

    private final ConnectionId id;
    private final MemorySegment structure;
    private final MemorySegment postSend;
    private final MemorySegment postReceive;
    private final int number;
    private final int inlineBytes;

    private QueuePair(
            ConnectionId id,
            ProtectionDomain domain,
            CompletionQueue sends,
            CompletionQueue receives,
            long address,
            int inlineBytes) {
        super(ResourceKind.QUEUE_PAIR, id, domain, sends, receives);
        this.id = id;
        this.structure = view(address, Structures.QP);
        this.postSend = domain.device().function("post_send");
        this.postReceive = domain.device().function("post_recv");
        this.number = (int) Structures.handle(Structures.QP, "qp_num").get(structure, 0L);
        this.inlineBytes = inlineBytes;
    }

    static QueuePair open(
            ConnectionId id,
            ProtectionDomain domain,
            CompletionQueue sends,
            CompletionQueue receives,
            QueuePairOptions options)
            throws VerbsException {
        return open(
                () -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment attributes = arena.allocate(Structures.QP_INIT_ATTR);
                        write(attributes, sends, receives, options);
                        id.createQueuePair(domain, attributes);
                        int inline = number(attributes, "max_inline_data");
                        QueuePair pair = new QueuePair(id, domain, sends, receives, id.queuePairAddress(), inline);
                        return checked(pair, () -> pair.check(domain, sends, receives));
                    }
                },
                id,
                domain,
                sends,
                receives);
    }

    private static void write(
            MemorySegment attributes, CompletionQueue sends, CompletionQueue receives, QueuePairOptions options) {
        Structures.handle(Structures.QP_INIT_ATTR, "send_cq").set(attributes, 0L, sends.address());
        Structures.handle(Structures.QP_INIT_ATTR, "recv_cq").set(attributes, 0L, receives.address());
        set(attributes, "max_send_wr", options.sends());
        set(attributes, "max_recv_wr", options.receives());
        set(attributes, "max_send_sge", options.sendPieces());
        set(attributes, "max_recv_sge", options.receivePieces());
        set(attributes, "max_inline_data", options.inlineBytes());
        set(attributes, "qp_type", RELIABLE);
        set(attributes, "sq_sig_all", options.signalAll() ? 1 : 0);
    }

    private static void set(MemorySegment attributes, String field, int value) {
        Structures.handle(Structures.QP_INIT_ATTR, field).set(attributes, 0L, value);
    }

    private static int number(MemorySegment attributes, String field) {
        return (int) Structures.handle(Structures.QP_INIT_ATTR, field).get(attributes, 0L);
    }

    private void check(ProtectionDomain domain, CompletionQueue sends, CompletionQueue receives) {
        new StructureCheck(Structures.QP, structure)
                .has("context", domain.device().address())
                .has("pd", domain.address())
                .has("send_cq", sends.address())
                .has("recv_cq", receives.address())
                .has("qp_type", RELIABLE);
    }

    /// The number by which completions name it.
    public int number() {
        return number;
    }

    /// How many bytes of a request may be inline.
    public int inlineBytes() {
        return inlineBytes;
    }

    /// Posts all requests of a list, in their order.
    ///
    /// @throws PostFailed where the device took only some, or none
    public void post(SendRequests requests) throws PostFailed {
        if (requests.mostInline() > inlineBytes) {
            throw new IllegalArgumentException("too much is inline: bytes=" + requests.mostInline() + ", limit="
                    + inlineBytes + "; register the memory, or make a queue pair for more");
        }
        post("ibv_post_send", postSend, requests);
    }

    /// Posts all requests of a list, in their order.
    ///
    /// @throws PostFailed where the device took only some, or none
    public void post(ReceiveRequests requests) throws PostFailed {
        post("ibv_post_recv", postReceive, requests);
    }

    private void post(String call, MemorySegment function, RequestList requests) throws PostFailed {
        requireOpen();
        if (requests.count() == 0) {
            return;
        }
        int code;
        try {
            code = LibIbverbs.post(function, structure, requests.memory(), requests.firstRefused());
        } catch (IllegalStateException e) {
            throw orClosed(e);
        }
        if (code != 0) {
            throw new PostFailed(call, Math.abs(code), requests.accepted());
        }
    }

    @Override
    void release() throws VerbsException {
        id.destroyQueuePair();
    }
}
