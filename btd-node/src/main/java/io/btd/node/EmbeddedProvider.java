// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.spi.ClusterProvider;

/// Opens embedded clusters.
public final class EmbeddedProvider implements ClusterProvider {

    /// For the service loader.
    public EmbeddedProvider() {}

    @Override
    public boolean accepts(BtdConfig config) {
        return true;
    }

    @Override
    public BtdCluster open(BtdConfig config) {
        return EmbeddedCluster.open(config);
    }
}
