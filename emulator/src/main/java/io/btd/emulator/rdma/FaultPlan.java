// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.net.InetSocketAddress;

/// What goes wrong. Asked by one thread at a time.
@FunctionalInterface
public interface FaultPlan {
    /// Nothing.
    FaultPlan NONE = point -> Fault.NONE;

    /// What goes wrong with an attempt.
    Fault at(FaultPoint point);

    /// Whether who listens there does not answer a request for a connection.
    default boolean isSilent(InetSocketAddress listener) {
        return false;
    }
}
