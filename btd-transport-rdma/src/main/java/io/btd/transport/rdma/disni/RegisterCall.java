// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.SVCRegMr;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A registration, made each time it is executed.
final class RegisterCall extends SVCRegMr {
    private final StackPd pd;
    private final @Nullable ByteBuffer buffer;
    private final long address;
    private final int length;
    private final int access;
    private @Nullable IbvMr region;
    private boolean valid = true;

    RegisterCall(StackPd pd, @Nullable ByteBuffer buffer, long address, int length, int access) {
        this.pd = pd;
        this.buffer = buffer;
        this.address = address;
        this.length = length;
        this.access = access;
    }

    @Override
    public SVCRegMr execute() throws IOException {
        RdmaStack.MemoryRegion registered = pd.domain().register(address, length, access);
        region = new StackMr(pd, registered, address, length, access).of(buffer);
        return this;
    }

    @Override
    public @Nullable IbvMr getMr() {
        return region;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCRegMr free() {
        valid = false;
        return this;
    }
}
