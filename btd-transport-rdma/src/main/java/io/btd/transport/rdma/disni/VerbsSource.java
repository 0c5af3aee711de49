// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.verbs.VerbsStack;

/// `verbs`: rdma-core, called from Java.
public final class VerbsSource implements ProviderSource {
    static final String NAME = "verbs";

    /// For the service loader.
    public VerbsSource() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Opened open() {
        return Opened.over(VerbsStack.open(new ResourceCounts()));
    }
}
