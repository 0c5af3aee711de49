// SPDX-License-Identifier: Apache-2.0

/// Who is in the cluster, as ZooKeeper knows it.
@NullMarked
package io.btd.membership;

import org.jspecify.annotations.NullMarked;
