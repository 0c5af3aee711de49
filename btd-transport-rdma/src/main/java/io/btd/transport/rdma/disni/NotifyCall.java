// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;

/// Makes the next completion ring, each time it is executed.
final class NotifyCall extends SVCReqNotify {
    private final StackCq queue;
    private final boolean solicitedOnly;
    private boolean valid = true;

    NotifyCall(StackCq queue, boolean solicitedOnly) {
        this.queue = queue;
        this.solicitedOnly = solicitedOnly;
    }

    @Override
    public SVCReqNotify execute() throws IOException {
        queue.queue().arm(solicitedOnly);
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCReqNotify free() {
        valid = false;
        return this;
    }
}
