// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// A queue pair, as DiSNI sees it.
final class StackQp extends IbvQP {
    private final RdmaStack.QueuePair pair;

    StackQp(StackPd pd, IbvQPInitAttr wanted, RdmaStack.QueuePair pair) throws IOException {
        super(pair.number());
        this.pair = pair;
        this.context = pd.getContext();
        this.pd = pd;
        this.send_cq = wanted.getSend_cq();
        this.recv_cq = wanted.getRecv_cq();
        this.qp_type = wanted.getQp_type();
    }

    RdmaStack.QueuePair pair() throws IOException {
        Open.require(isOpen, "queue pair");
        return pair;
    }

    int destroy() throws IOException {
        Open.require(isOpen, "queue pair");
        close();
        pair.close();
        return 0;
    }
}
