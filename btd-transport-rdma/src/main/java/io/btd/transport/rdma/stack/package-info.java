// SPDX-License-Identifier: Apache-2.0

/// What an implementation of verbs has to offer, so that DiSNI's classes can be laid over it: [RdmaStack].
@NullMarked
package io.btd.transport.rdma.stack;

import org.jspecify.annotations.NullMarked;
