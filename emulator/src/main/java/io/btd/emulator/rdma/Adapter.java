// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// The adapter.
final class Adapter extends Owned implements RdmaStack.Device {
    Adapter(SoftwareStack stack, Owned root) {
        super(stack, null, root);
    }

    @Override
    public int completionVectors() {
        return 1;
    }

    @Override
    public RdmaStack.ProtectionDomain newProtectionDomain() {
        return stack().locked(() -> new Domain(stack(), this));
    }

    @Override
    public RdmaStack.CompletionChannel newCompletionChannel() {
        return stack().locked(() -> new Bell(stack(), this));
    }

    @Override
    public RdmaStack.CompletionQueue newCompletionQueue(RdmaStack.CompletionChannel channel, int entries)
            throws IOException {
        if (entries < 1) {
            throw new Refused("ibv_create_cq", Refused.EINVAL, "cqe=" + entries);
        }
        return stack().locked(() -> new Completions(stack(), this, (Bell) channel, entries));
    }

    @Override
    void release() {}
}
