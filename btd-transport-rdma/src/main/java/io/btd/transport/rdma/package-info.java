// SPDX-License-Identifier: Apache-2.0

/// One-sided memory access by RDMA. What every provider of verbs has in common is here; the one that calls rdma-core is
/// `io.btd.transport.rdma.verbs`.
@NullMarked
package io.btd.transport.rdma;

import org.jspecify.annotations.NullMarked;
