// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// A completion queue, as DiSNI sees it.
final class StackCq extends IbvCQ {
    private final RdmaStack.CompletionQueue queue;

    StackCq(IbvContext context, IbvCompChannel channel, RdmaStack.CompletionQueue queue, int entries)
            throws IOException {
        super(context, channel, 0);
        this.queue = queue;
        this.cqe = entries;
    }

    RdmaStack.CompletionQueue queue() throws IOException {
        Open.require(isOpen, "completion queue");
        return queue;
    }

    /// DiSNI destroys the channel first, which has closed the queue; so this may come late.
    int destroy() {
        close();
        queue.close();
        return 0;
    }
}
