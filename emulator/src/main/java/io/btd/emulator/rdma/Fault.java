// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

/// What may go wrong with an attempt at a send request.
public enum Fault {
    /// Nothing.
    NONE,
    /// The request does not reach the peer. It is sent again, as often as the connection may.
    REQUEST_LOST,
    /// The peer does it, and the answer does not come back. It is sent again, as often as the connection may; the peer
    /// does it once.
    ANSWER_LOST,
    /// The peer says that it has nowhere to receive, whether it has or not. Only of what uses up a receive.
    RECEIVER_NOT_READY,
    /// The adapter fails, and with it the queue pair.
    QUEUE_PAIR_FAILED,
    /// The request, and all behind it, waits a while.
    DELAYED,
    /// A WRITE completes before the peer's memory has it. It is there before anything that comes after it on the same
    /// connection, and after a while in any case.
    LATE_WRITE
}
