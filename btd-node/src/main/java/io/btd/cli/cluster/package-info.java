// SPDX-License-Identifier: Apache-2.0

/// The commands that run processes: one node, one ZooKeeper, and a whole cluster of both on this machine. The latter
/// starts the former in processes of their own and knows each by its [io.btd.cli.cluster.ProcessMark].
@NullMarked
package io.btd.cli.cluster;

import org.jspecify.annotations.NullMarked;
