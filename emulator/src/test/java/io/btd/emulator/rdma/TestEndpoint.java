// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.RdmaActiveEndpoint;
import com.ibm.disni.RdmaActiveEndpointGroup;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// One of DiSNI's endpoints, with registered memory, that keeps what happens to it.
///
/// DiSNI waits for ever when a connection fails; it is told of a disconnection instead, which ends its wait. Its
/// requests
/// have linked lists.
@SuppressWarnings("JdkObsolete")
final class TestEndpoint extends RdmaActiveEndpoint {
    static final int BYTES = 4096;

    private static final List<EventType> FAILURES = List.of(
            EventType.RDMA_CM_EVENT_ADDR_ERROR,
            EventType.RDMA_CM_EVENT_ROUTE_ERROR,
            EventType.RDMA_CM_EVENT_CONNECT_ERROR,
            EventType.RDMA_CM_EVENT_UNREACHABLE,
            EventType.RDMA_CM_EVENT_REJECTED);

    private final BlockingQueue<IbvWC> completions = new LinkedBlockingQueue<>();
    private final BlockingQueue<EventType> events = new LinkedBlockingQueue<>();
    private final RdmaConnParam parameters = new RdmaConnParam();
    private @Nullable ByteBuffer memory;
    private @Nullable IbvMr region;

    TestEndpoint(RdmaActiveEndpointGroup<TestEndpoint> group, RdmaCmId id, boolean serverSide) throws IOException {
        super(group, id, serverSide);
        access |= IbvMr.IBV_ACCESS_REMOTE_ATOMIC;
    }

    @Override
    protected synchronized void init() throws IOException {
        memory = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
        region = registerMemory(memory).execute().free().getMr();
    }

    @Override
    public RdmaConnParam getConnParam() {
        return parameters;
    }

    @Override
    public void dispatchCqEvent(IbvWC completion) {
        completions.add(completion.clone());
    }

    /// DiSNI's numbers of events are their places.
    @Override
    @SuppressWarnings("EnumOrdinal")
    public synchronized void dispatchCmEvent(RdmaCmEvent event) throws IOException {
        EventType type = EventType.values()[event.getEvent()];
        events.add(type);
        super.dispatchCmEvent(
                FAILURES.contains(type)
                        ? new RdmaCmEvent(
                                EventType.RDMA_CM_EVENT_DISCONNECTED.ordinal(),
                                event.getListenIdPriv(),
                                event.getConnIdPriv())
                        : event);
    }

    @Override
    public synchronized void close() throws IOException, InterruptedException {
        boolean registered = region != null && region.isOpen();
        try {
            super.close();
        } catch (IOException | NullPointerException e) {
            // DiSNI has closed it, and then looks for the queue pair of an end that never got as far as to have one.
            if (qp != null) {
                throw e;
            }
        }
        if (registered) {
            deregisterMemory(region());
        }
    }

    ByteBuffer memory() {
        return Objects.requireNonNull(memory);
    }

    IbvMr region() {
        return Objects.requireNonNull(region);
    }

    /// Waits for an event of a kind, past those of other kinds.
    void await(EventType type) throws InterruptedException {
        EventType next = events.take();
        while (next != type) {
            next = events.take();
        }
    }

    /// Waits for the next completion, and says how it ended.
    IbvWcStatus status() throws InterruptedException {
        return IbvWcStatus.valueOf(completion().getStatus());
    }

    IbvWC completion() throws InterruptedException {
        return completions.take();
    }

    /// How many completions are there that nobody waited for.
    int moreCompletions() {
        return completions.size();
    }

    /// A piece of this endpoint's memory.
    IbvSge piece(int offset, int length) {
        IbvSge piece = new IbvSge();
        piece.setAddr(region().getAddr() + offset);
        piece.setLength(length);
        piece.setLkey(region().getLkey());
        return piece;
    }

    void receive(long id, IbvSge... pieces) throws IOException {
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(id);
        request.setSg_list(new LinkedList<>(List.of(pieces)));
        postRecv(List.of(request)).execute().free();
    }

    /// A signalled request of pieces of this endpoint's memory.
    static IbvSendWR request(int opcode, long id, IbvSge... pieces) {
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(id);
        request.setOpcode(opcode);
        request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        request.setSg_list(new LinkedList<>(List.of(pieces)));
        return request;
    }

    /// The same, for memory of a peer.
    static IbvSendWR request(int opcode, long id, TestEndpoint peer, int offset, IbvSge... pieces) {
        IbvSendWR request = request(opcode, id, pieces);
        request.getRdma().setRemote_addr(peer.region().getAddr() + offset);
        request.getRdma().setRkey(peer.region().getRkey());
        request.getAtomic().setRemote_addr(peer.region().getAddr() + offset);
        request.getAtomic().setRkey(peer.region().getRkey());
        return request;
    }

    void post(IbvSendWR... requests) throws IOException {
        postSend(new ArrayList<>(List.of(requests))).execute().free();
    }
}
