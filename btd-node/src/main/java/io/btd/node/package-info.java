// SPDX-License-Identifier: Apache-2.0

/// What owns arenas: for now the cluster of one node in this process.
@NullMarked
package io.btd.node;

import org.jspecify.annotations.NullMarked;
