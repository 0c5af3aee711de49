// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.btd.transport.rdma.stack.RdmaStack;
import io.btd.transport.rdma.verbs.NativeMemory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// DiSNI's connection manager over a stack.
///
/// It mends what DiSNI's own leaves out: addresses of both families, a source address, retries, the status and the
/// private data of an event. A refused call is an exception, never a number below zero.
final class StackCm extends RdmaCm {
    /// As many as there can be. DiSNI's 0 cannot be told from not said, and would let one lost answer end a connection.
    private static final int ALL_RETRIES = 7;

    private final RdmaStack stack;
    private final Map<RdmaStack.Device, StackContext> contexts = new HashMap<>();

    StackCm(RdmaStack stack) {
        this.stack = stack;
    }

    synchronized StackContext context(RdmaStack.Device device) throws IOException {
        StackContext known = contexts.get(device);
        if (known == null) {
            known = new StackContext(device);
            contexts.put(device, known);
        }
        return known;
    }

    @Override
    public RdmaEventChannel createEventChannel() throws IOException {
        return new StackEventChannel(this, stack.newEventChannel());
    }

    @Override
    public RdmaCmId createId(RdmaEventChannel channel, short portSpace) throws IOException {
        if (portSpace != RDMA_PS_TCP) {
            throw new IOException("only reliable connections are made: ps=" + portSpace + "; take RDMA_PS_TCP");
        }
        return ((StackEventChannel) channel).newId();
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd pd, IbvQPInitAttr wanted) throws IOException {
        if (wanted.getQp_type() != IbvQP.IBV_QPT_RC) {
            throw new IOException(
                    "only reliable connections are made: qp_type=" + wanted.getQp_type() + "; take IBV_QPT_RC");
        }
        RdmaStack.CompletionQueue sends = ((StackCq) wanted.getSend_cq()).queue();
        RdmaStack.CompletionQueue receives = ((StackCq) wanted.getRecv_cq()).queue();
        StackPd domain = (StackPd) pd;
        RdmaStack.QueuePair pair = id(id).newQueuePair(domain.domain(), sends, receives, wanted);
        StackQp seen = new StackQp(domain, wanted, pair);
        ((StackCmId) id).attach(seen);
        return seen;
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress local) throws IOException {
        id(id).bind((InetSocketAddress) local);
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        id(id).listen(backlog);
    }

    @Override
    public void resolveAddr(RdmaCmId id, @Nullable SocketAddress source, SocketAddress destination, int timeout)
            throws IOException {
        if (source != null) {
            id(id).bind((InetSocketAddress) source);
        }
        id(id).resolveAddress((InetSocketAddress) destination, Waits.of(timeout));
    }

    @Override
    public void resolveRoute(RdmaCmId id, int timeout) throws IOException {
        id(id).resolveRoute(Waits.of(timeout));
    }

    @Override
    public @Nullable RdmaCmEvent getCmEvent(RdmaEventChannel channel, int timeout) throws IOException {
        return ((StackEventChannel) channel).next(Waits.of(timeout));
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        id(id).connect(handshake(parameters));
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        id(id).accept(handshake(parameters));
    }

    private static RdmaStack.Handshake handshake(RdmaConnParam parameters) {
        int length = Byte.toUnsignedInt(parameters.getPrivate_data_len());
        ByteBuffer data =
                length == 0 ? ByteBuffer.allocate(0) : NativeMemory.copy(parameters.getPrivate_data(), length);
        return new RdmaStack.Handshake(
                orAll(parameters.getRetry_count()), orAll(parameters.getRnr_retry_count()), data);
    }

    private static int orAll(byte retries) {
        return retries == 0 ? ALL_RETRIES : retries;
    }

    /// Nothing is left to do: the stack has acknowledged the event, so that no id waits for a program before it goes.
    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        return 0;
    }

    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        id(id).disconnect();
        return 0;
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel channel) throws IOException {
        return ((StackEventChannel) channel).destroy();
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        return ((StackCmId) id).destroy();
    }

    /// An endpoint whose connection failed early destroys a queue pair that it never made.
    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        StackQp pair = (StackQp) id.getQp();
        return pair == null ? 0 : pair.destroy();
    }

    @Override
    public @Nullable SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return id(id).localAddress().orElse(null);
    }

    @Override
    public @Nullable SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return id(id).remoteAddress().orElse(null);
    }

    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        return ((StackCmId) id).destroy();
    }

    private static RdmaStack.ConnectionId id(RdmaCmId id) throws IOException {
        return ((StackCmId) id).id();
    }
}
