// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvMr;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// What memory regions and queue pairs belong to.
final class Domain extends Owned implements RdmaStack.ProtectionDomain {
    Domain(SoftwareStack stack, Adapter device) {
        super(stack, ResourceKind.PROTECTION_DOMAIN, device);
    }

    @Override
    public RdmaStack.MemoryRegion register(long address, long bytes, int access) throws IOException {
        boolean written = (access & (IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_ATOMIC)) != 0;
        if (bytes < 0 || written && (access & IbvMr.IBV_ACCESS_LOCAL_WRITE) == 0) {
            throw new Refused("ibv_reg_mr", Refused.EINVAL, "length=" + bytes + ", access=" + access);
        }
        if (address == 0) {
            throw new Refused("ibv_reg_mr", Refused.EFAULT, "addr=0");
        }
        return stack().locked(() -> new Region(stack(), this, address, bytes, access));
    }

    @Override
    void release() {}
}
