// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import java.util.List;

/// DiSNI's requests as rdma-core has them.
final class WorkEncoding {
    private static final int FENCE = 1;
    private static final int SIGNALLED = 2;
    private static final int SOLICITED = 4;
    private static final int INLINE = 8;

    private WorkEncoding() {}

    /// Fills the list with these requests, and nothing else.
    static void sends(List<? extends IbvSendWR> requests, SendRequests into) {
        into.clear();
        for (IbvSendWR request : requests) {
            begin(request, into);
            for (IbvSge piece : request.getSg_list()) {
                into.piece(piece.getAddr(), piece.getLength(), piece.getLkey());
            }
            flags(request.getSend_flags(), into);
        }
    }

    private static void begin(IbvSendWR request, SendRequests into) {
        long id = request.getWr_id();
        long address = request.getRdma().getRemote_addr();
        int key = request.getRdma().getRkey();
        IbvSendWR.Atomic atomic = request.getAtomic();
        switch (request.getOpcode()) {
            case IbvSendWR.IBV_WR_RDMA_WRITE -> into.write(id, address, key);
            case IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM ->
                into.writeWithImmediate(id, address, key, request.getImm_data());
            case IbvSendWR.IBV_WR_SEND -> into.send(id);
            case IbvSendWR.IBV_WR_SEND_WITH_IMM -> into.sendWithImmediate(id, request.getImm_data());
            case IbvSendWR.IBV_WR_RDMA_READ -> into.read(id, address, key);
            case IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP ->
                into.compareAndSwap(
                        id, atomic.getRemote_addr(), atomic.getRkey(), atomic.getCompare_add(), atomic.getSwap());
            case IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD ->
                into.fetchAndAdd(id, atomic.getRemote_addr(), atomic.getRkey(), atomic.getCompare_add());
            default ->
                throw new IllegalArgumentException(
                        "there is no such operation: opcode=" + request.getOpcode() + "; take one of IbvSendWR's");
        }
    }

    private static void flags(int flags, SendRequests into) {
        if ((flags & FENCE) != 0) {
            into.fenced();
        }
        if ((flags & SIGNALLED) != 0) {
            into.signalled();
        }
        if ((flags & SOLICITED) != 0) {
            into.solicited();
        }
        if ((flags & INLINE) != 0) {
            into.inline();
        }
    }

    /// Fills the list with these places, and nothing else.
    static void receives(List<? extends IbvRecvWR> requests, ReceiveRequests into) {
        into.clear();
        for (IbvRecvWR request : requests) {
            into.receive(request.getWr_id());
            for (IbvSge piece : request.getSg_list()) {
                into.piece(piece.getAddr(), piece.getLength(), piece.getLkey());
            }
        }
    }
}
