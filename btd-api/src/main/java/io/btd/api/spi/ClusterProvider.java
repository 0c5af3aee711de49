// SPDX-License-Identifier: Apache-2.0
package io.btd.api.spi;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import java.util.ServiceLoader;

/// Opens clusters of one kind. Found through [ServiceLoader]; the first provider that accepts a
/// configuration opens it.
public interface ClusterProvider {

    /// Whether this provider opens clusters configured like this.
    boolean accepts(BtdConfig config);

    /// Opens the cluster.
    ///
    /// @throws io.btd.api.BtdException when it cannot be opened; nothing stays open behind the error
    BtdCluster open(BtdConfig config);

    /// Makes the arena that `config` names, which must not exist.
    ///
    /// @throws io.btd.api.BtdException when it exists or cannot be made
    void create(ArenaConfig config);

    /// Removes the arena that `config` names, which nobody may have open.
    ///
    /// @throws io.btd.api.BtdException when it is absent, in use, or cannot be removed
    void destroy(ArenaConfig config);

    /// The first provider on the class path (or module path) that accepts `config`.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig when there is none
    static ClusterProvider of(BtdConfig config) {
        for (ClusterProvider provider : ServiceLoader.load(ClusterProvider.class)) {
            if (provider.accepts(config)) {
                return provider;
            }
        }
        throw new BtdException.InvalidConfig(
                "no provider for this configuration: " + config,
                "put btd-node (embedded clusters) or btd-client (remote ones) on the class path");
    }
}
