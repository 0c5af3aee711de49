// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.RdmaCmEvent;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What happened to a connection, as DiSNI sees it, with the status that DiSNI leaves out.
final class StackCmEvent extends RdmaCmEvent implements PrivateData {
    private final ByteBuffer data;

    /// DiSNI's numbers of events are their places.
    @SuppressWarnings("EnumOrdinal")
    StackCmEvent(RdmaStack.Event happened, StackCmId id, @Nullable StackCmId listener) throws IOException {
        super(happened.type().ordinal(), listener, id);
        this.status = happened.status();
        this.data = happened.privateData();
    }

    @Override
    public ByteBuffer privateData() {
        return data.asReadOnlyBuffer();
    }
}
