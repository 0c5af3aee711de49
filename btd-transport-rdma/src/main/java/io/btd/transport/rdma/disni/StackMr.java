// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvMr;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A memory region, as DiSNI sees it.
final class StackMr extends IbvMr {
    private final RdmaStack.MemoryRegion region;

    /// Held until the region is closed, so that the memory is not freed while it is registered.
    private @Nullable ByteBuffer buffer;

    StackMr(StackPd pd, RdmaStack.MemoryRegion region, long address, int length, int access) throws IOException {
        super(pd.getContext(), address, length, access, region.localKey(), region.remoteKey(), region.localKey());
        this.region = region;
    }

    /// Keeps the buffer that is registered.
    StackMr of(@Nullable ByteBuffer registered) {
        buffer = registered;
        return this;
    }

    void deregister() throws IOException {
        Open.require(isOpen, "memory region");
        close();
        region.close();
        buffer = null;
    }

    @Override
    public String toString() {
        return super.toString() + ", buffer=" + buffer;
    }
}
