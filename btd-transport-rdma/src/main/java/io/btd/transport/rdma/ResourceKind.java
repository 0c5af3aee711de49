// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma;

/// What a provider of verbs opens and has to close.
public enum ResourceKind {
    /// An opened device.
    DEVICE_CONTEXT,
    /// What keys and queue pairs belong to.
    PROTECTION_DOMAIN,
    /// Memory that a device may access.
    MEMORY_REGION,
    /// Where completion queues ring.
    COMPLETION_CHANNEL,
    /// Where the ends of work requests are read.
    COMPLETION_QUEUE,
    /// Where connections report.
    EVENT_CHANNEL,
    /// One end of a connection, or a listener.
    CONNECTION_ID,
    /// A send and a receive queue.
    QUEUE_PAIR
}
