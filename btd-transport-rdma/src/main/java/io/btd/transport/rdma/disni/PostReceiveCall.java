// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.util.LinkedList;
import java.util.List;

/// Places to receive, posted each time it is executed. They are copies of those it was made of.
final class PostReceiveCall extends SVCPostRecv {
    private final StackQp pair;
    private final List<PreparedReceive> requests;
    private final RdmaStack.Batch batch;
    private boolean valid = true;

    PostReceiveCall(StackQp pair, List<? extends IbvRecvWR> requests) throws IOException {
        this.pair = pair;
        this.requests = requests.stream().map(PreparedReceive::copy).toList();
        this.batch = pair.pair().newReceives(this.requests);
    }

    @Override
    public SVCPostRecv execute() throws IOException {
        pair.pair();
        batch.post();
        return this;
    }

    @Override
    public SVCPostRecv.RecvWRMod getWrMod(int index) {
        return requests.get(index);
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPostRecv free() {
        valid = false;
        return this;
    }

    /// A place to receive.
    private static final class PreparedReceive extends IbvRecvWR implements SVCPostRecv.RecvWRMod {
        /// DiSNI's requests have linked lists.
        @SuppressWarnings("JdkObsolete")
        static PreparedReceive copy(IbvRecvWR request) {
            PreparedReceive copy = new PreparedReceive();
            copy.setWr_id(request.getWr_id());
            LinkedList<IbvSge> pieces = new LinkedList<>();
            for (IbvSge piece : request.getSg_list()) {
                IbvSge same = new IbvSge();
                same.setAddr(piece.getAddr());
                same.setLength(piece.getLength());
                same.setLkey(piece.getLkey());
                pieces.add(same);
            }
            copy.setSg_list(pieces);
            return copy;
        }
    }
}
