// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.nio.file.Path;
import java.util.Optional;

/// What it takes to open a cluster: an arena in this process ([ArenaConfig]), or the address of a cluster
/// ([RemoteConfig]).
public sealed interface BtdConfig permits ArenaConfig, RemoteConfig {

    /// One node in this process, its arena in `arena`, made with `capacity` bytes when absent.
    static ArenaConfig embedded(Path arena, long capacity) {
        return new ArenaConfig(arena, capacity, 1, 1, true, Optional.empty(), false);
    }

    /// The cluster whose membership these ZooKeeper servers hold.
    ///
    /// @param zooKeeper `host:port` of one or more servers, separated by commas
    /// @throws BtdException.InvalidConfig when it is written otherwise
    static RemoteConfig cluster(String zooKeeper) {
        return new RemoteConfig(
                zooKeeper, RemoteConfig.DEFAULT_NAMESPACE, RemoteConfig.DEFAULT_DEADLINE, Optional.empty(), "auto");
    }
}
