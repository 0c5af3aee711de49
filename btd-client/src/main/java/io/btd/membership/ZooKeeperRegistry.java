// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.RemoteConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.jspecify.annotations.Nullable;

/// The registry in ZooKeeper: `docs/spec/membership.md`. Thread-safe.
public final class ZooKeeperRegistry implements NodeRegistry {
    private static final Logger LOG = System.getLogger(ZooKeeperRegistry.class.getName());

    private final Ensemble ensemble;
    private final Tree tree;
    private final NodeEntries nodes;
    private volatile @Nullable Announcer announcer;
    private volatile @Nullable LeaderLatch latch;

    private ZooKeeperRegistry(Ensemble ensemble, Tree tree) {
        this.ensemble = ensemble;
        this.tree = tree;
        this.nodes = new NodeEntries(ensemble, tree);
    }

    /// Connects to the servers that `config` names, and makes the cluster's tree where there is none. The secret
    /// stays here.
    ///
    /// @throws io.btd.api.BtdException.Unreachable when no server answers within the deadline of `config`
    /// @throws InvalidConfig when the cluster there is of another format
    public static ZooKeeperRegistry connect(RemoteConfig config) {
        Ensemble ensemble = Ensemble.connect(config);
        try {
            Tree tree = new Tree(config.namespace());
            ensemble.call("open " + tree.root(), () -> {
                ensemble.makeTree(tree);
                return tree;
            });
            return new ZooKeeperRegistry(ensemble, tree);
        } catch (RuntimeException failed) {
            ensemble.close();
            throw failed;
        }
    }

    @Override
    public int reserveId(Path folder) {
        UUID reservation = Reservation.of(folder);
        return ensemble.call("reserve a node id", () -> nodes.reserve(reservation, folder.toAbsolutePath()));
    }

    @Override
    public void claimId(int node, UUID arena, Path folder) {
        UUID reservation = Reservation.of(folder);
        ensemble.call("claim node " + node, () -> {
            nodes.claim(node, arena, reservation, folder.toAbsolutePath());
            return null;
        });
    }

    @Override
    public synchronized void announce(Member member) {
        Announcer former = announcer;
        if (former != null) {
            announcer = null;
            former.close();
        }
        announcer = Announcer.announce(ensemble, tree, member);
        if (latch == null) {
            latch = runFor(member.node());
        }
    }

    private LeaderLatch runFor(int node) {
        LeaderLatch running = new LeaderLatch(ensemble.curator(), tree.leader(), Integer.toString(node));
        try {
            running.start();
            return running;
        } catch (Exception impossible) {
            throw new IllegalStateException("latch not started: node=" + node, impossible);
        }
    }

    @Override
    public boolean connected() {
        Announcer current = announcer;
        return current != null && current.known();
    }

    @Override
    public boolean leads() {
        LeaderLatch current = latch;
        return current != null && current.hasLeadership();
    }

    @Override
    public synchronized void close() {
        LeaderLatch leaving = latch;
        if (leaving != null) {
            latch = null;
            try {
                leaving.close();
            } catch (IOException | UncheckedIOException lost) {
                LOG.log(Level.DEBUG, "the candidacy goes with the session", lost);
            }
        }
        Announcer former = announcer;
        if (former != null) {
            announcer = null;
            former.close();
        }
        ensemble.close();
    }

    /// The connection, for tests.
    Ensemble ensemble() {
        return ensemble;
    }
}
