// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.SVCDeregMr;
import java.io.IOException;

/// The end of a memory region.
final class DeregisterCall extends SVCDeregMr {
    private final StackMr region;
    private boolean valid = true;

    DeregisterCall(StackMr region) {
        this.region = region;
    }

    @Override
    public SVCDeregMr execute() throws IOException {
        region.deregister();
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCDeregMr free() {
        valid = false;
        return this;
    }
}
