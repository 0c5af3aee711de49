// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// A completion channel, as DiSNI sees it. It has no descriptor for others to read from.
final class StackCompChannel extends IbvCompChannel {
    private static final int NONE = -1;

    private final RdmaStack.CompletionChannel channel;

    StackCompChannel(IbvContext context, RdmaStack.CompletionChannel channel) throws IOException {
        super(NONE, context);
        this.channel = channel;
    }

    RdmaStack.CompletionChannel channel() throws IOException {
        Open.require(isOpen, "completion channel");
        return channel;
    }

    int destroy() {
        close();
        channel.close();
        return 0;
    }
}
