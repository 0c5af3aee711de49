// SPDX-License-Identifier: Apache-2.0

/// Tests of the choice of a provider, and of what of DiSNI is replaced.
@NullMarked
package io.btd.transport.rdma.disni;

import org.jspecify.annotations.NullMarked;
