// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.api.BtdCluster;
import io.btd.api.RemoteConfig;
import io.btd.benchmarks.load.Link;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Sessions with the node, opened when first asked for and shared by all subjects: one for those of one
/// connection, and as many as there are connections for the others. Thread-safe.
final class BtdClients implements AutoCloseable {
    private final RemoteConfig config;
    private final Map<Link, List<BtdCluster>> open = new EnumMap<>(Link.class);

    /// Sessions of the cluster that `config` names, each over the link that is asked for.
    BtdClients(RemoteConfig config) {
        this.config = config;
    }

    /// Session number `index` over `link`; asked for in order.
    synchronized BtdCluster get(Link link, int index) {
        List<BtdCluster> sessions = open.computeIfAbsent(link, _ -> new ArrayList<>());
        while (sessions.size() <= index) {
            sessions.add(BtdCluster.open(config.withTransport(link.name().toLowerCase(Locale.ROOT))));
        }
        return sessions.get(index);
    }

    /// Closes all of them.
    @Override
    public synchronized void close() {
        open.values().forEach(sessions -> sessions.forEach(BtdCluster::close));
        open.clear();
    }
}
