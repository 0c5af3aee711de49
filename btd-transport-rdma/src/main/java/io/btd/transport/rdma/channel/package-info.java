// SPDX-License-Identifier: Apache-2.0

/// Streams of bytes over reliable RDMA connections, as channels of Netty: what the transport `rdma` carries its frames
/// by.
@NullMarked
package io.btd.transport.rdma.channel;

import org.jspecify.annotations.NullMarked;
