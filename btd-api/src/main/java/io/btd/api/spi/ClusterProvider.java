// SPDX-License-Identifier: Apache-2.0
package io.btd.api.spi;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
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

    /// Opens `config` with the first provider on the class path (or module path) that accepts it.
    static BtdCluster openWithFirst(BtdConfig config) {
        for (ClusterProvider provider : ServiceLoader.load(ClusterProvider.class)) {
            if (provider.accepts(config)) {
                return provider.open(config);
            }
        }
        throw new io.btd.api.BtdException.InvalidConfig(
                "no provider for this configuration: arena=" + config.arena(),
                "put btd-node on the class path (embedded clusters come from there)");
    }
}
