// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.ArenaConfig;
import io.btd.api.ArenaStat;
import io.btd.api.BtdConfig;
import io.btd.api.PersistenceDomain;
import io.btd.api.transport.Endpoint;
import io.btd.membership.Host;
import io.btd.membership.Member;
import io.btd.membership.ZooKeeperRegistry;
import io.btd.membership.server.ZooKeeperServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Nodes in this process, announced in a ZooKeeper in this process, as other processes find them. Odd ones listen on
/// a Unix domain socket, too, so that clients on this machine reach some of them in this way and some by TCP.
final class AnnouncedNodes implements AutoCloseable {
    private final Path folder;
    private final ZooKeeperServer zooKeeper;
    private final List<ZooKeeperRegistry> registries = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    private AnnouncedNodes(Path folder, ZooKeeperServer zooKeeper) {
        this.folder = folder;
        this.zooKeeper = zooKeeper;
    }

    /// Starts `count` nodes with new arenas of `capacity` bytes.
    static AnnouncedNodes start(Path folder, int count, long capacity, Duration lease) throws IOException {
        AnnouncedNodes all = new AnnouncedNodes(folder, ZooKeeperServer.start(folder.resolve("zookeeper"), 0));
        try {
            for (int i = 0; i < count; i++) {
                all.add(i, capacity, lease);
            }
            return all;
        } catch (IOException | RuntimeException failed) {
            all.close();
            throw failed;
        }
    }

    private void add(int index, long capacity, Duration lease) throws IOException {
        ZooKeeperRegistry registry = ZooKeeperRegistry.connect(BtdConfig.cluster(zooKeeper()));
        registries.add(registry);
        Path own = Files.createDirectory(folder.resolve("node-" + index));
        ArenaConfig arena = BtdConfig.embedded(arena(index), capacity).withDomain(PersistenceDomain.PROCESS);
        List<Endpoint> endpoints = new ArrayList<>(List.of(new Endpoint("tcp", "127.0.0.1:0")));
        if (index % 2 == 1) {
            endpoints.add(new Endpoint("uds", own + ".sock"));
        }
        NodeConfig config = NodeConfig.of(arena.withIds(registry.reserveId(own), 1), endpoints)
                .withLease(lease);
        Node node = Node.start(config, registry::connected);
        nodes.add(node);
        registry.claimId(node.id(), node.arenaUuid(), own);
        registry.announce(new Member(
                node.id(),
                node.arenaUuid(),
                Host.here(),
                ProcessHandle.current().pid(),
                node.endpoints(),
                node.incarnation(),
                node.load().capacity(),
                node.load().available(),
                true));
    }

    /// What [io.btd.api.BtdCluster#connect] takes.
    String zooKeeper() {
        return zooKeeper.connectString();
    }

    List<Node> nodes() {
        return nodes;
    }

    /// The file of a node's arena.
    Path arena(int index) {
        return folder.resolve("arena-" + index);
    }

    /// How many blocks are allocated, those in limbo included.
    long liveBlocks() {
        return nodes.stream()
                .flatMap(node -> node.stat().arenas().stream())
                .mapToLong(ArenaStat::liveBlocks)
                .sum();
    }

    /// How many blocks wait for their former holder.
    long limbo() {
        return nodes.stream().mapToLong(node -> node.stat().limbo()).sum();
    }

    /// How many sessions there are on all nodes together.
    int sessions() {
        return nodes.stream().mapToInt(node -> node.stat().sessions()).sum();
    }

    @Override
    public void close() {
        registries.forEach(ZooKeeperRegistry::close);
        nodes.forEach(Node::close);
        zooKeeper.close();
    }
}
