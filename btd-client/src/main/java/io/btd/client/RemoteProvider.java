// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.RemoteConfig;
import io.btd.api.spi.ClusterProvider;
import io.btd.api.transport.TransportProvider;
import io.btd.membership.Host;
import io.btd.membership.Membership;
import io.btd.membership.ZooKeeperMembership;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Opens clusters that are reached through ZooKeeper.
public final class RemoteProvider implements ClusterProvider {

    /// For the service loader.
    public RemoteProvider() {}

    @Override
    public boolean accepts(BtdConfig config) {
        return config instanceof RemoteConfig;
    }

    @Override
    public BtdCluster open(BtdConfig config) {
        if (!(config instanceof RemoteConfig remote)) {
            throw new IllegalArgumentException("not a remote cluster: " + config);
        }
        return open(remote, ZooKeeperMembership.connect(remote));
    }

    /// Opens the cluster with these members, whatever ZooKeeper the configuration names; closes the membership with it.
    public static BtdCluster open(RemoteConfig config, Membership membership) {
        List<TransportProvider> providers = TransportProvider.all();
        if (!config.transport().equals(Endpoints.AUTO)
                && providers.stream().noneMatch(one -> one.name().equals(config.transport()))) {
            membership.close();
            throw new InvalidConfig(
                    "no such transport here: transport=" + config.transport(),
                    "use auto, or one of "
                            + providers.stream().map(TransportProvider::name).toList());
        }
        return new RemoteCluster(new Core(new Surroundings(
                config,
                membership,
                new Transports(providers),
                new SystemTime(),
                () -> ThreadLocalRandom.current().nextLong(),
                Identity.draw(),
                Host.here())));
    }

    /// Arenas are made on nodes.
    @Override
    public void create(ArenaConfig config) {
        throw notHere(config);
    }

    /// Arenas are removed on nodes.
    @Override
    public void destroy(ArenaConfig config) {
        throw notHere(config);
    }

    private static InvalidConfig notHere(ArenaConfig config) {
        return new InvalidConfig("no arena of a remote cluster: " + config, "use an embedded one");
    }
}
