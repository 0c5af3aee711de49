// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedList;
import java.util.List;

/// An id with a queue pair of two sends and two receives that complete on a queue of its own.
record Side(RdmaCmId id, IbvPd pd, IbvCQ queue, IbvQP pair) {
    static Side of(RdmaCmId id, int completions) throws IOException {
        IbvContext device = id.getVerbs();
        IbvPd pd = device.allocPd();
        IbvCompChannel channel = device.createCompChannel();
        IbvCQ queue = device.createCQ(channel, completions, 0);
        IbvQPInitAttr wanted = new IbvQPInitAttr();
        wanted.cap().setMax_send_wr(2);
        wanted.cap().setMax_recv_wr(2);
        wanted.cap().setMax_inline_data(16);
        wanted.setQp_type(IbvQP.IBV_QPT_RC);
        wanted.setSend_cq(queue);
        wanted.setRecv_cq(queue);
        return new Side(id, pd, queue, id.createQP(pd, wanted));
    }

    IbvMr register(ByteBuffer memory) throws IOException {
        return pd.regMr(memory, IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE)
                .execute()
                .free()
                .getMr();
    }

    void post(IbvSendWR... requests) throws IOException {
        pair.postSend(List.of(requests), null).execute().free();
    }

    /// DiSNI's requests have linked lists.
    @SuppressWarnings("JdkObsolete")
    void receive() throws IOException {
        IbvRecvWR request = new IbvRecvWR();
        request.setSg_list(new LinkedList<>());
        pair.postRecv(List.of(request), null).execute().free();
    }

    /// Waits for a completion, and says how it ended.
    IbvWC.IbvWcStatus status() throws IOException {
        return IbvWC.IbvWcStatus.valueOf(completions(1)[0].getStatus());
    }

    /// Waits for completions, reading no more than these.
    IbvWC[] completions(int count) throws IOException {
        IbvWC[] completions = new IbvWC[count];
        int found = 0;
        while (found < count) {
            IbvWC one = new IbvWC();
            if (queue.poll(new IbvWC[] {one}, 1).execute().getPolls() == 1) {
                completions[found++] = one;
            }
        }
        return completions;
    }
}
