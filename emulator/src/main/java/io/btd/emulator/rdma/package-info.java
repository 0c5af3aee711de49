// SPDX-License-Identifier: Apache-2.0

/// RDMA without an adapter: verbs in Java, for all that run in this process. The provider `software`.
///
/// ```text
/// Pair (requester)  --Request-->  Responder (the peer's Pair)   the seam: a Responder may stand for another process
/// ConnectionEnd     --Fabric--->  ConnectionEnd                 by address and port
/// ```
///
/// One lock guards all of a stack; one thread, the wire, does what was posted. So posting is over before the work is,
/// as on an adapter, and nobody spins.
@NullMarked
package io.btd.emulator.rdma;

import org.jspecify.annotations.NullMarked;
