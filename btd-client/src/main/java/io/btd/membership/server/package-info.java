// SPDX-License-Identifier: Apache-2.0

/// A ZooKeeper server for development: one process, no ensemble.
@NullMarked
package io.btd.membership.server;

import org.jspecify.annotations.NullMarked;
