// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException.Unreachable;
import io.btd.api.RemoteConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;

/// The membership in ZooKeeper: `docs/spec/membership.md`. Follows the tree with a cache, from which one thread makes
/// a [Snapshot] after every burst of changes; answers come from the last one. Thread-safe.
public final class ZooKeeperMembership implements Membership {
    private static final Logger LOG = System.getLogger(ZooKeeperMembership.class.getName());

    private final Ensemble ensemble;
    private final Tree tree;
    private final CuratorCache cache;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> homes = new ConcurrentHashMap<>();
    private final AtomicBoolean changed = new AtomicBoolean();
    private final CountDownLatch filled = new CountDownLatch(1);
    private final ExecutorService follower = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("btd-membership").unstarted(task));
    private final Object turn = new Object();
    private volatile Snapshot snapshot = new Snapshot(new TreeMap<>(), Map.of(), OptionalInt.empty());

    private ZooKeeperMembership(Ensemble ensemble, Tree tree) {
        this.ensemble = ensemble;
        this.tree = tree;
        this.cache = CuratorCache.build(ensemble.curator(), tree.root());
    }

    /// Connects to the servers that `config` names; the members are known on return. Nothing is made there: a
    /// cluster that nobody has joined yet has no members. The secret stays here.
    ///
    /// @throws Unreachable when no server answers within the deadline of `config`
    /// @throws io.btd.api.BtdException.InvalidConfig when the cluster there is of another format
    public static ZooKeeperMembership connect(RemoteConfig config) {
        Ensemble ensemble = Ensemble.connect(config);
        ZooKeeperMembership membership = new ZooKeeperMembership(ensemble, new Tree(config.namespace()));
        try {
            membership.fill();
            return membership;
        } catch (RuntimeException failed) {
            membership.close();
            throw failed;
        }
    }

    private void fill() {
        ensemble.call("open " + tree.root(), () -> {
            ensemble.checkFormat(tree);
            return null;
        });
        cache.listenable()
                .addListener(CuratorCacheListener.builder()
                        .forInitialized(filled::countDown)
                        .forAll((_, _, _) -> follow())
                        .build());
        cache.start();
        try {
            if (!filled.await(ensemble.config().deadline().toMillis(), TimeUnit.MILLISECONDS)) {
                throw ensemble.unreachable("read " + tree.root());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ensemble.unreachable("read " + tree.root() + ", interrupted");
        }
        take();
    }

    private void follow() {
        if (filled.getCount() == 0 && !changed.getAndSet(true)) {
            try {
                follower.execute(this::look);
            } catch (RejectedExecutionException closed) {
                LOG.log(Level.TRACE, "closed", closed);
            }
        }
    }

    private void look() {
        changed.set(false);
        SortedMap<Integer, Member> before = snapshot.members();
        take();
        if (!snapshot.members().equals(before)) {
            listeners.forEach(ZooKeeperMembership::tell);
        }
    }

    private void take() {
        synchronized (turn) {
            snapshot = Snapshot.of(tree, () -> cache.stream().iterator());
            homes.putAll(snapshot.homes());
            turn.notifyAll();
        }
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException failed) {
            LOG.log(Level.ERROR, "a listener of the membership failed", failed);
        }
    }

    @Override
    public SortedMap<Integer, Member> members() {
        return snapshot.members();
    }

    /// The node that leads the cluster, or is about to; empty when there is none. As `members`, it follows
    /// ZooKeeper with its delay: a leader that died is named until its ZooKeeper session has ended.
    public OptionalInt leader() {
        return snapshot.leader();
    }

    @Override
    public int homeOfRoots(int part) {
        Objects.checkIndex(part, ROOT_PARTS);
        Integer decided = homes.get(part);
        if (decided != null) {
            return decided;
        }
        int candidate = candidate(part);
        int node = ensemble.call("decide the home of roots " + part, () -> decide(part, candidate));
        homes.put(part, node);
        return node;
    }

    /// Whom we would choose, as soon as anybody is live.
    private int candidate(int part) {
        long end = System.nanoTime() + ensemble.config().deadline().toNanos();
        synchronized (turn) {
            while (true) {
                OptionalInt chosen = Rendezvous.choose(part, snapshot.live());
                if (chosen.isPresent()) {
                    return chosen.getAsInt();
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new Unreachable(
                            "no node is live: servers=" + ensemble.config().zooKeeper() + ", namespace="
                                    + tree.namespace() + ", members="
                                    + snapshot.members().size(),
                            "start a node of this namespace");
                }
                try {
                    turn.wait(left);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw ensemble.unreachable("wait for a live node, interrupted");
                }
            }
        }
    }

    /// Whoever creates the entry first decides.
    private int decide(int part, int candidate) throws Exception {
        String path = tree.roots(part);
        ensemble.checkFormat(tree);
        try {
            byte[] bytes = Integer.toString(candidate).getBytes(StandardCharsets.US_ASCII);
            ensemble.curator().create().withMode(CreateMode.PERSISTENT).forPath(path, bytes);
            return candidate;
        } catch (KeeperException.NodeExistsException decidedMeanwhile) {
            String text = new String(ensemble.curator().getData().forPath(path), StandardCharsets.UTF_8).strip();
            int node = NodeEntries.id(text);
            if (node == 0) {
                throw Lines.malformed(path, "node=" + text);
            }
            return node;
        }
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public boolean connected() {
        return ensemble.connected();
    }

    @Override
    public void close() {
        follower.shutdownNow();
        listeners.clear();
        cache.close();
        ensemble.close();
    }

    /// The connection, for tests.
    Ensemble ensemble() {
        return ensemble;
    }
}
