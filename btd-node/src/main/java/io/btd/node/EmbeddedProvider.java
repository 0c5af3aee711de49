// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.spi.ClusterProvider;
import io.btd.pmem.ArenaFile;

/// Opens embedded clusters.
public final class EmbeddedProvider implements ClusterProvider {

    /// For the service loader.
    public EmbeddedProvider() {}

    @Override
    public boolean accepts(BtdConfig config) {
        return config instanceof ArenaConfig;
    }

    @Override
    public BtdCluster open(BtdConfig config) {
        if (config instanceof ArenaConfig arena) {
            return EmbeddedCluster.open(arena);
        }
        throw new IllegalArgumentException("not an embedded cluster: " + config);
    }

    @Override
    public void create(ArenaConfig config) {
        ArenaFile.create(config.arena(), config.capacity(), config.node(), config.arenaId());
    }

    @Override
    public void destroy(ArenaConfig config) {
        ArenaFile.destroy(config.arena());
    }
}
