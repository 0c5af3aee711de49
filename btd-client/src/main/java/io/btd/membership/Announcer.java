// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.Unreachable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/// Keeps one node's entry in `live` there: puts it, and puts it again whenever the ZooKeeper session has ended or
/// somebody removed it. An entry of the node's own earlier life is replaced at once; what another arena, or a
/// later life, has put is left alone. Thread-safe.
final class Announcer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Announcer.class.getName());
    private static final long RETRY_MILLIS = 500;
    private static final int ATTEMPTS = 16;

    private final Ensemble ensemble;
    private final Tree tree;
    private final Member member;
    private final CuratorCache watch;
    private final ScheduledThreadPoolExecutor again = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("btd-announce").unstarted(task));
    private volatile boolean known;
    private volatile boolean closed;

    private Announcer(Ensemble ensemble, Tree tree, Member member) {
        this.ensemble = ensemble;
        this.tree = tree;
        this.member = member;
        this.watch = CuratorCache.build(
                ensemble.curator(), tree.live(member.node()), CuratorCache.Options.SINGLE_NODE_CACHE);
    }

    /// Puts the entry, and keeps it there until the announcer is closed.
    ///
    /// @throws InvalidConfig when another arena, or a later life, has the id
    /// @throws Unreachable when ZooKeeper cannot be reached
    static Announcer announce(Ensemble ensemble, Tree tree, Member member) {
        Announcer announcer = new Announcer(ensemble, tree, member);
        ensemble.call("announce node " + member.node(), () -> {
            announcer.put();
            return null;
        });
        announcer.known = true;
        ensemble.onState(announcer::connectionIs);
        announcer
                .watch
                .listenable()
                .addListener(CuratorCacheListener.builder()
                        .forDeletes(_ -> announcer.putAgain())
                        .build());
        announcer.watch.start();
        return announcer;
    }

    /// Whether the entry is there, as far as can be known here.
    boolean known() {
        return known && ensemble.connected();
    }

    private void connectionIs(ConnectionState state) {
        known = false;
        if (state.isConnected()) {
            putAgain();
        }
    }

    private void putAgain() {
        if (!closed) {
            known = false;
            again.execute(this::keep);
        }
    }

    private void keep() {
        if (closed) {
            return;
        }
        try {
            ensemble.call("announce node " + member.node() + " again", () -> {
                put();
                return null;
            });
            known = true;
        } catch (Unreachable gone) {
            retry(gone);
        } catch (RuntimeException refused) {
            LOG.log(Level.ERROR, "the node is not announced: node={0}: {1}", member.node(), refused.getMessage());
            retry(refused);
        }
    }

    private void retry(RuntimeException why) {
        LOG.log(Level.DEBUG, "announcing is tried again", why);
        if (!closed) {
            var _ = again.schedule(this::keep, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// Until the entry is ours: every turn either ends so, or finds that somebody else changed it meanwhile.
    private synchronized void put() throws Exception {
        String path = tree.live(member.node());
        byte[] bytes = LiveEntry.of(member).bytes();
        CuratorFramework curator = ensemble.curator();
        ensemble.makeTree(tree);
        new NodeEntries(ensemble, tree).announced(member);
        for (int attempt = 0; attempt < ATTEMPTS && !closed; attempt++) {
            try {
                curator.create().withMode(CreateMode.EPHEMERAL).forPath(path, bytes);
                return;
            } catch (KeeperException.NodeExistsException _) {
                if (isOurs(path, bytes)) {
                    return;
                }
            }
        }
        throw new InvalidConfig(
                "the entry of a node changes all the time: path=" + path, "see who else runs with this node's id");
    }

    /// Whether the entry belongs to our session, with our content; one of an earlier life is removed.
    private boolean isOurs(String path, byte[] bytes) throws Exception {
        CuratorFramework curator = ensemble.curator();
        try {
            Stat stat = new Stat();
            byte[] there = curator.getData().storingStatIn(stat).forPath(path);
            if (stat.getEphemeralOwner() != ensemble.session()) {
                refuseUnlessEarlier(LiveEntry.parse(path, there));
                curator.delete().withVersion(stat.getVersion()).forPath(path);
                return false;
            }
            if (!Arrays.equals(there, bytes)) {
                curator.setData().withVersion(stat.getVersion()).forPath(path, bytes);
            }
            return true;
        } catch (KeeperException.NoNodeException | KeeperException.BadVersionException changedMeanwhile) {
            return false;
        }
    }

    private void refuseUnlessEarlier(LiveEntry other) {
        if (!other.arena().equals(member.arena()) || other.incarnation() > member.incarnation()) {
            throw new InvalidConfig(
                    "node id is in use: node=" + member.node() + ", host=" + other.host() + ", pid=" + other.pid()
                            + ", arena=" + other.arena() + ", incarnation=" + other.incarnation(),
                    "end that process, or run this node in a folder of its own");
        }
    }

    /// Takes the entry back; where ZooKeeper cannot be reached it goes with the session.
    @Override
    public void close() {
        closed = true;
        known = false;
        again.shutdownNow();
        watch.close();
        if (ensemble.connected()) {
            try {
                ensemble.call("take node " + member.node() + " back", () -> {
                    remove();
                    return null;
                });
            } catch (RuntimeException lost) {
                LOG.log(Level.DEBUG, "the entry goes with the session", lost);
            }
        }
    }

    private synchronized void remove() throws Exception {
        String path = tree.live(member.node());
        Stat stat = ensemble.curator().checkExists().forPath(path);
        if (stat != null && stat.getEphemeralOwner() == ensemble.session()) {
            try {
                ensemble.curator().delete().withVersion(stat.getVersion()).forPath(path);
            } catch (KeeperException.NoNodeException | KeeperException.BadVersionException changedMeanwhile) {
                // no longer ours
            }
        }
    }
}
