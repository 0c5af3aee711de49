// SPDX-License-Identifier: Apache-2.0

/// No test here needs an RDMA device. Those that need the libraries are skipped where these are missing.
@NullMarked
package io.btd.transport.rdma.verbs;

import org.jspecify.annotations.NullMarked;
