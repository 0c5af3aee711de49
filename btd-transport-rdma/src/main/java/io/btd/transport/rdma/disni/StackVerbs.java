// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import io.btd.api.BtdException;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// DiSNI's verbs over a stack.
final class StackVerbs extends RdmaVerbs {

    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        return new StackPd(context, device(context).newProtectionDomain());
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        return new StackCompChannel(context, device(context).newCompletionChannel());
    }

    @Override
    public IbvCQ createCQ(IbvContext context, IbvCompChannel channel, int entries, int vector) throws IOException {
        RdmaStack.CompletionChannel bell = ((StackCompChannel) channel).channel();
        return new StackCq(context, channel, device(context).newCompletionQueue(bell, entries), entries);
    }

    @Override
    public boolean getCqEvent(IbvCompChannel channel, IbvCQ queue, int timeout) throws IOException {
        try {
            return ((StackCompChannel) channel).channel().await(Waits.of(timeout));
        } catch (BtdException.Closed e) {
            Waits.idle();
            return false;
        }
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) throws IOException {
        if (!buffer.isDirect()) {
            throw new IOException("memory on the Java heap cannot be registered; take a direct buffer");
        }
        return new RegisterCall((StackPd) pd, buffer, DirectMemory.address(buffer), buffer.capacity(), access);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) {
        return new RegisterCall((StackPd) pd, null, address, length, access);
    }

    /// Memory is always pinned.
    @Override
    public int queryOdpSupport(IbvContext context) {
        return 0;
    }

    @Override
    public int expPrefetchMr(IbvMr region, long address, int length) throws IOException {
        throw new IOException("memory is always pinned, so there is nothing to prefetch; leave the call out");
    }

    @Override
    public SVCDeregMr deregMr(IbvMr region) {
        return new DeregisterCall((StackMr) region);
    }

    @Override
    public SVCPostSend postSend(IbvQP pair, List<IbvSendWR> requests, @Nullable List<IbvSendWR> bad)
            throws IOException {
        return new PostSendCall((StackQp) pair, requests);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP pair, List<IbvRecvWR> requests, @Nullable List<IbvRecvWR> bad)
            throws IOException {
        return new PostReceiveCall((StackQp) pair, requests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ queue, IbvWC[] into, int most) throws IOException {
        return new PollCall((StackCq) queue, into, most);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ queue, boolean solicitedOnly) {
        return new NotifyCall((StackCq) queue, solicitedOnly);
    }

    /// Nothing is left to do: the stack has acknowledged each ring.
    @Override
    public int ackCqEvents(IbvCQ queue, int count) {
        return 0;
    }

    @Override
    public int destroyCompChannel(IbvCompChannel channel) {
        return ((StackCompChannel) channel).destroy();
    }

    @Override
    public int deallocPd(IbvPd pd) {
        return ((StackPd) pd).dealloc();
    }

    @Override
    public int destroyCQ(IbvCQ queue) {
        return ((StackCq) queue).destroy();
    }

    private static RdmaStack.Device device(IbvContext context) {
        return ((StackContext) context).device();
    }
}
