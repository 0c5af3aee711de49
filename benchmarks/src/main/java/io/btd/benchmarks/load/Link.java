// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

/// What lies between client and server on one machine.
public enum Link {
    /// TCP on 127.0.0.1.
    TCP,
    /// A Unix domain socket.
    UDS
}
