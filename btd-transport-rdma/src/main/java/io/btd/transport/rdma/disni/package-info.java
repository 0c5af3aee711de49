// SPDX-License-Identifier: Apache-2.0

/// DiSNI's classes (`com.ibm.disni.verbs`), laid over an [io.btd.transport.rdma.stack.RdmaStack], and the choice of
/// one: [RdmaProviders]. DiSNI's endpoints and DaRPC run on them as they are, with no library but rdma-core's.
@NullMarked
package io.btd.transport.rdma.disni;

import org.jspecify.annotations.NullMarked;
