// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvContext;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// A device, as DiSNI sees it.
///
/// DiSNI tells devices apart by `getCmd_fd`, and keeps what it has made for one for the life of the process. A
/// descriptor comes back after it was closed; so this is a number that never does.
final class StackContext extends IbvContext {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final RdmaStack.Device device;

    StackContext(RdmaStack.Device device) throws IOException {
        super(NUMBERS.incrementAndGet(), device.completionVectors());
        this.device = device;
    }

    RdmaStack.Device device() {
        return device;
    }
}
