// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// rdma-core as a stack that DiSNI runs on.
public final class VerbsStack implements RdmaStack {
    private final Verbs verbs;
    private final ResourceCounts counts;

    private VerbsStack(Verbs verbs, ResourceCounts counts) {
        this.verbs = verbs;
        this.counts = counts;
    }

    /// Loads the libraries, and looks for a device.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig where that cannot be, with what to do
    public static VerbsStack open(ResourceCounts counts) {
        Verbs verbs = Verbs.open(counts);
        try {
            if (verbs.deviceNames().isEmpty()) {
                throw Unavailable.noDevice("ibv_get_device_list");
            }
            return new VerbsStack(verbs, counts);
        } catch (VerbsException e) {
            try (verbs) {
                throw Unavailable.noDevice("ibv_get_device_list", e);
            }
        } catch (RuntimeException e) {
            try (verbs) {
                throw e;
            }
        }
    }

    @Override
    public RdmaStack.EventChannel newEventChannel() throws IOException {
        return new VerbsConnections.Events(verbs.openEventChannel());
    }

    @Override
    public ResourceCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        verbs.close();
    }
}
