// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

/// What is to be done with a request that arrived.
public enum Admission {
    /// Make it, and call [NodeSession#finish].
    MAKE,
    /// Nothing: the client does not want the answer, has it on its way, or gets it when it is there.
    LEAVE,
    /// Refuse it unmade: the session has more answers waiting to be acknowledged than it may.
    CROWDED,
    /// End the connection: the number is beyond the window.
    BEYOND,
    /// End the connection: the session has ended, or has another one.
    GONE
}
