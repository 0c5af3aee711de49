// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.RemoteConfig;
import io.btd.client.RemoteProvider;
import io.btd.emulator.net.fault.ClusterUnderFault;
import io.btd.emulator.net.fault.Fault;
import io.btd.emulator.net.process.Watchdog;
import io.btd.membership.ZooKeeperMembership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A cluster of `btd node` processes with a real ZooKeeper: killed (SIGKILL), stopped and continued (SIGSTOP, SIGCONT)
/// by the system, and started again on what they left. Clients are in this process, over TCP through proxies.
/// Thread-safe.
public final class ProcessCluster implements ClusterUnderFault {
    private static final String CAPACITY = "8MiB";

    /// Of a call; a node that has just started runs every path of it for the first time.
    private static final Duration DEADLINE = Duration.ofMillis(500);

    /// Of what must succeed: a process that starts on a busy machine is slow, and not at fault.
    private static final Duration AMPLE = Duration.ofMinutes(1);

    private final Path folder = TestFolder.makePath();
    private final Watchdog watchdog = new Watchdog(folder);
    private final Links links;
    private final ProxiedZooKeeper zooKeeper;
    private final List<ProcessNode> nodes = new ArrayList<>();
    private final List<Integer> ids;
    private final LinkFaults linkFaults;
    private final Outages outages;

    /// A node that starts has to reach ZooKeeper: these do so when it can be reached again.
    private final Set<ProcessNode> waiting = new HashSet<>();

    private int past;

    /// Starts `count` nodes with sessions that end after `lease`.
    ///
    /// @param seed of the places where streams are split
    /// @throws IllegalStateException when one does not start; nothing is left then
    public ProcessCluster(int count, Duration lease, long seed) {
        links = new Links(seed);
        outages = new Outages(lease);
        try {
            zooKeeper = ProxiedZooKeeper.start(folder.resolve("zookeeper"), seed);
        } catch (RuntimeException failed) {
            watchdog.close();
            throw failed;
        }
        try {
            List<String> options = options(lease);
            for (int i = 0; i < count; i++) {
                nodes.add(new ProcessNode(folder.resolve("node-" + (char) ('a' + i)), options, watchdog));
            }
            startAll(nodes);
            nodes.sort(Comparator.comparingInt(ProcessNode::id));
            ids = nodes.stream().map(ProcessNode::id).toList();
            linkFaults = new LinkFaults(links, ids);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /// The file keeps away what is configured for others on this machine.
    private List<String> options(Duration lease) {
        Path config = folder.resolve("btd.conf");
        try {
            Files.writeString(config, "domain = process\ndeadline = " + AMPLE.toSeconds() + "s\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write: file=" + config, e);
        }
        return List.of(
                "--config",
                config.toString(),
                "--zookeeper",
                zooKeeper.connectString(),
                "--listen",
                "tcp:127.0.0.1:0",
                "--capacity",
                CAPACITY,
                "--lease",
                lease.toMillis() + "ms");
    }

    /// Side by side: most of a start is the Java machine's.
    private static void startAll(List<ProcessNode> some) {
        CompletableFuture.allOf(some.stream()
                        .map(node -> CompletableFuture.runAsync(node::start, Thread::startVirtualThread))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Override
    public List<Integer> nodes() {
        return ids;
    }

    /// The processes that run, stopped or not.
    public List<Long> pids() {
        return nodes.stream().map(ProcessNode::pid).filter(pid -> pid != 0).toList();
    }

    /// Where everything of it is.
    public Path folder() {
        return folder;
    }

    @Override
    public BtdCluster connect(int client) {
        return connect(client, DEADLINE);
    }

    private BtdCluster connect(int client, Duration deadline) {
        RemoteConfig config = BtdConfig.cluster(zooKeeper.connectString()).withTransport("tcp");
        return RemoteProvider.open(
                config.withDeadline(deadline), new ProxiedMembership(membership(config), links, client));
    }

    /// Nothing is broken when a client begins. It is given the usual time and not an ample one, because a call waits
    /// as long for a ZooKeeper that is out of reach.
    private static ZooKeeperMembership membership(RemoteConfig config) {
        long end = System.nanoTime() + AMPLE.toNanos();
        while (true) {
            try {
                return ZooKeeperMembership.connect(config);
            } catch (BtdException.Unreachable slow) {
                if (System.nanoTime() - end > 0) {
                    throw slow;
                }
            }
        }
    }

    @Override
    public synchronized BtdCluster connectPast() {
        return connect(--past, AMPLE);
    }

    @Override
    public Duration patience() {
        return AMPLE.multipliedBy(3);
    }

    @Override
    public synchronized void inject(Fault fault) {
        switch (fault) {
            case Fault.Kill kill -> {
                nodes.get(kill.node()).kill();
                waiting.remove(nodes.get(kill.node()));
            }
            case Fault.Restart restart -> restart(nodes.get(restart.node()));
            case Fault.Freeze freeze -> {
                outages.begin(freezing(freeze.node()));
                nodes.get(freeze.node()).freeze();
            }
            case Fault.Thaw thaw -> {
                outages.outlast(freezing(thaw.node()), thaw.pastLease());
                nodes.get(thaw.node()).thaw();
            }
            case Fault.CutOff cut -> {
                outages.begin(cut.client() + "-" + cut.node());
                linkFaults.inject(cut);
            }
            case Fault.Rejoin rejoin -> {
                outages.outlast(rejoin.client() + "-" + rejoin.node(), rejoin.pastLease());
                linkFaults.inject(rejoin);
            }
            case Fault.RegistryDown ignored -> zooKeeper.cutOff();
            case Fault.RegistryUp ignored -> {
                zooKeeper.rejoin();
                waiting.forEach(ProcessNode::start);
                waiting.clear();
            }
            default -> linkFaults.inject(fault);
        }
    }

    private static String freezing(int node) {
        return "node-" + node;
    }

    private void restart(ProcessNode node) {
        if (zooKeeper.isUp()) {
            node.start();
        } else {
            waiting.add(node);
        }
    }

    /// @throws IllegalStateException when a node does not come back, or ended though nobody killed it
    @Override
    public synchronized void mend() {
        links.heal();
        zooKeeper.rejoin();
        waiting.clear();
        nodes.forEach(ProcessNode::thaw);
        startAll(nodes);
    }

    /// Kills what runs and removes the folder, whatever fails before.
    @Override
    public synchronized void close() {
        try (watchdog;
                zooKeeper;
                links) {
            nodes.forEach(ProcessNode::kill);
        }
    }
}
