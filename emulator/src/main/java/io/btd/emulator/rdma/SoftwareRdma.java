// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.transport.rdma.disni.ProviderSource;

/// `software`: verbs in Java.
public final class SoftwareRdma implements ProviderSource {
    private final FaultPlan faults;

    /// For the service loader: nothing goes wrong but what the program does wrong.
    public SoftwareRdma() {
        this(FaultPlan.NONE);
    }

    /// An adapter on which things go wrong.
    public SoftwareRdma(FaultPlan faults) {
        this.faults = faults;
    }

    @Override
    public String name() {
        return "software";
    }

    @Override
    public Opened open() {
        return Opened.over(new SoftwareStack(faults));
    }
}
