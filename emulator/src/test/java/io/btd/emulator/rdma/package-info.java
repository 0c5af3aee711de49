// SPDX-License-Identifier: Apache-2.0

/// Tests of RDMA providers by way of DiSNI and DaRPC.
@NullMarked
package io.btd.emulator.rdma;

import org.jspecify.annotations.NullMarked;
