// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.PersistenceDomain;
import io.btd.api.RemoteConfig;
import io.btd.api.transport.Endpoint;
import io.btd.client.RemoteProvider;
import io.btd.emulator.net.fault.ClusterUnderFault;
import io.btd.emulator.net.fault.Fault;
import io.btd.emulator.net.proxy.Admission;
import io.btd.emulator.net.proxy.LinkFault;
import io.btd.node.NodeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A cluster whose nodes are objects in this process: thousands of faults a minute. A killed node is abandoned, a
/// frozen one
/// is one that no byte reaches; the membership is in memory. Clients are real, over TCP through
/// proxies. Thread-safe.
public final class InProcessCluster implements ClusterUnderFault {
    private static final long CAPACITY = 8L << 20;
    private static final Duration DEADLINE = Duration.ofMillis(150);

    private final TestFolder folder = TestFolder.make();
    private final MemoryRegistry registry = new MemoryRegistry();
    private final Links links;
    private final List<InProcessNode> nodes = new ArrayList<>();
    private final List<Integer> ids;
    private final LinkFaults linkFaults;
    private final Outages outages;
    private int past;

    /// Starts `count` nodes with sessions that end after `lease`.
    ///
    /// @param seed of the places where streams are split
    public InProcessCluster(int count, Duration lease, long seed) {
        links = new Links(seed);
        outages = new Outages(lease);
        ids = IntStream.rangeClosed(1, count).boxed().toList();
        linkFaults = new LinkFaults(links, ids);
        for (int id : ids) {
            NodeConfig config = NodeConfig.of(
                            BtdConfig.embedded(folder.path().resolve("arena-" + id), CAPACITY)
                                    .withIds(id, 1)
                                    .withDomain(PersistenceDomain.PROCESS),
                            List.of(new Endpoint("tcp", "127.0.0.1:0")))
                    .withLease(lease);
            nodes.add(new InProcessNode(config, registry));
        }
    }

    @Override
    public List<Integer> nodes() {
        return ids;
    }

    @Override
    public BtdCluster connect(int client) {
        return connect(client, DEADLINE);
    }

    private BtdCluster connect(int client, Duration deadline) {
        // There is no ZooKeeper: the membership is in memory.
        RemoteConfig config =
                BtdConfig.cluster("127.0.0.1:1").withTransport("tcp").withDeadline(deadline);
        return RemoteProvider.open(config, new ProxiedMembership(registry.view(), links, client));
    }

    @Override
    public synchronized BtdCluster connectPast() {
        return connect(--past, RemoteConfig.DEFAULT_DEADLINE);
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(20);
    }

    @Override
    public synchronized void inject(Fault fault) {
        switch (fault) {
            case Fault.Kill kill -> nodes.get(kill.node()).kill();
            case Fault.Restart restart -> nodes.get(restart.node()).start();
            case Fault.Freeze freeze -> freeze(freeze.node());
            case Fault.Thaw thaw -> {
                outages.outlast(freezing(thaw.node()), thaw.pastLease());
                thaw(thaw.node());
            }
            case Fault.CutOff cut -> {
                outages.begin(cut.client() + "-" + cut.node());
                linkFaults.inject(cut);
            }
            case Fault.Rejoin rejoin -> {
                outages.outlast(rejoin.client() + "-" + rejoin.node(), rejoin.pastLease());
                linkFaults.inject(rejoin);
            }
            case Fault.RegistryDown ignored -> registry.setUp(false);
            case Fault.RegistryUp ignored -> registry.setUp(true);
            default -> linkFaults.inject(fault);
        }
    }

    private static String freezing(int node) {
        return "node-" + node;
    }

    /// The kernel of a stopped process goes on accepting connections; nobody reads them.
    private void freeze(int node) {
        outages.begin(freezing(node));
        links.onAll(ids.get(node), proxy -> {
            proxy.set(LinkFault.BLACK_HOLE);
            proxy.admit(Admission.SILENT);
        });
    }

    private void thaw(int node) {
        links.onAll(ids.get(node), proxy -> {
            proxy.set(LinkFault.NONE);
            proxy.admit(Admission.OPEN);
        });
    }

    @Override
    public synchronized void mend() {
        links.heal();
        nodes.forEach(InProcessNode::start);
        registry.setUp(true);
    }

    /// Every client and node had a pool of direct memory of its own, which goes back when the collector finds it: with
    /// hundreds of clusters in a small heap it would not look in time by itself.
    @Override
    public synchronized void close() {
        nodes.forEach(InProcessNode::close);
        links.close();
        folder.close();
        System.gc();
    }
}
