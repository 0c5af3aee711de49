// SPDX-License-Identifier: Apache-2.0

/// An open arena with everything that works on it, put together once for the embedded cluster and for the node.
@NullMarked
package io.btd.node.arena;

import org.jspecify.annotations.NullMarked;
