// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;
import java.util.LinkedList;

/// A send request that may be changed between two posts.
final class PreparedSend extends IbvSendWR implements SendWork {

    /// DiSNI's requests have linked lists.
    @SuppressWarnings("JdkObsolete")
    private PreparedSend(Remote remote, IbvSendWR.Atomic operands) {
        super(remote, operands, new Ud(), new LinkedList<>());
    }

    static PreparedSend copy(IbvSendWR request) {
        Remote remote = new Remote();
        remote.setRemote_addr(request.getRdma().getRemote_addr());
        remote.setRkey(request.getRdma().getRkey());
        IbvSendWR.Atomic operands = new Atomic();
        operands.setRemote_addr(request.getAtomic().getRemote_addr());
        operands.setRkey(request.getAtomic().getRkey());
        operands.setCompare_add(request.getAtomic().getCompare_add());
        operands.setSwap(request.getAtomic().getSwap());
        PreparedSend copy = new PreparedSend(remote, operands);
        copy.setWr_id(request.getWr_id());
        copy.setOpcode(request.getOpcode());
        copy.setSend_flags(request.getSend_flags());
        copy.setImm_data(request.getImm_data());
        for (IbvSge piece : request.getSg_list()) {
            copy.getSg_list().add(Piece.copy(piece));
        }
        copy.setNum_sge(copy.getSg_list().size());
        return copy;
    }

    @Override
    public SVCPostSend.RdmaMod getRdmaMod() {
        return (Remote) getRdma();
    }

    @Override
    public SVCPostSend.SgeMod getSgeMod(int index) {
        return (Piece) getSge(index);
    }

    /// The peer's memory.
    private static final class Remote extends Rdma implements SVCPostSend.RdmaMod {}

    /// A piece of local memory.
    private static final class Piece extends IbvSge implements SVCPostSend.SgeMod {
        static Piece copy(IbvSge piece) {
            Piece copy = new Piece();
            copy.setAddr(piece.getAddr());
            copy.setLength(piece.getLength());
            copy.setLkey(piece.getLkey());
            return copy;
        }
    }
}
