// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One end of a connection, or a listener, as DiSNI sees it. Identity is that of the object: DiSNI finds its endpoints
/// by it.
final class StackCmId extends RdmaCmId implements RejectingId {
    private final StackCm cm;
    private final StackEventChannel owner;
    private final RdmaStack.ConnectionId id;

    StackCmId(StackCm cm, StackEventChannel owner, RdmaStack.ConnectionId id) throws IOException {
        super(owner, null);
        this.cm = cm;
        this.owner = owner;
        this.id = id;
        this.ps = RdmaCm.RDMA_PS_TCP;
    }

    RdmaStack.ConnectionId id() throws IOException {
        Open.require(isOpen, "connection id");
        return id;
    }

    /// The device, known once the address is resolved, or bound to one device; null before.
    @Override
    public @Nullable IbvContext getVerbs() throws IOException {
        if (verbs == null) {
            Optional<RdmaStack.Device> device = id().device();
            if (device.isPresent()) {
                verbs = cm.context(device.get());
            }
        }
        return verbs;
    }

    void attach(IbvQP pair) {
        setQp(pair);
    }

    @Override
    public void reject(ByteBuffer privateData) throws IOException {
        id().reject(privateData);
    }

    int destroy() throws IOException {
        Open.require(isOpen, "connection id");
        close();
        owner.forget(id);
        id.close();
        if (qpObj != null) {
            qpObj.close();
        }
        return 0;
    }
}
