// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.GlobalPointer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/// The entries in `nodes`: made once, changed by compare-and-set on their version, and removed by nobody but an
/// operator.
/// Runs on the thread of a call to ZooKeeper.
final class NodeEntries {
    private final Ensemble ensemble;
    private final Tree tree;

    NodeEntries(Ensemble ensemble, Tree tree) {
        this.ensemble = ensemble;
        this.tree = tree;
    }

    /// The id of the folder with this reservation: the one it has, or else the lowest free one. Everybody looks at
    /// the ids in ascending order, so that of two who come with the same reservation the second meets the
    /// entry of the first.
    int reserve(UUID reservation, Path folder) throws Exception {
        for (String child : ensemble.curator().getChildren().forPath(tree.nodes())) {
            int id = id(child);
            if (id > 0 && has(id, reservation)) {
                return id;
            }
        }
        NodeEntry entry = NodeEntry.reserved(reservation, folder.toString());
        for (int id = 1; id <= GlobalPointer.MAX_NODE; id++) {
            if (create(id, entry) || has(id, reservation)) {
                return id;
            }
        }
        throw new InvalidConfig(
                "every node id is taken: namespace=" + tree.namespace() + ", ids=" + GlobalPointer.MAX_NODE,
                "forget nodes that will not come back");
    }

    private boolean has(int id, UUID reservation) throws Exception {
        return read(id, new Stat())
                .filter(entry -> entry.reservation().equals(reservation))
                .isPresent();
    }

    /// Ties `id` to `arena`.
    void claim(int id, UUID arena, UUID reservation, Path folder) throws Exception {
        while (true) {
            Stat stat = new Stat();
            Optional<NodeEntry> there = read(id, stat);
            NodeEntry wanted = there.orElse(NodeEntry.reserved(reservation, folder.toString()))
                    .claimedBy(arena, reservation, folder.toString());
            if (there.isEmpty()) {
                if (create(id, wanted)) {
                    return;
                }
                continue;
            }
            refuseUnlessOurs(id, there.get(), arena, reservation);
            if (there.get().equals(wanted) || change(id, stat, wanted)) {
                return;
            }
        }
    }

    private static void refuseUnlessOurs(int id, NodeEntry there, UUID arena, UUID reservation) {
        boolean ours =
                there.arena().map(arena::equals).orElse(there.reservation().equals(reservation));
        if (!ours) {
            throw new InvalidConfig(
                    "node id belongs to another arena: node=" + id + ", arena=" + arena + ", theirs="
                            + there.arena().map(UUID::toString).orElse("reserved") + ", host=" + there.host()
                            + ", folder=" + there.folder(),
                    "make this node anew in an empty folder, or use another namespace");
        }
    }

    /// Keeps the last announcement for those who ask while the node is not live. An entry that is gone, with all
    /// that ZooKeeper had, is made again.
    void announced(Member member) throws Exception {
        while (true) {
            Stat stat = new Stat();
            Optional<NodeEntry> there = read(member.node(), stat);
            NodeEntry wanted =
                    there.orElse(NodeEntry.reserved(member.arena(), "")).announced(member);
            if (there.isEmpty()) {
                if (create(member.node(), wanted)) {
                    return;
                }
                continue;
            }
            refuseUnlessOurs(member.node(), there.get(), member.arena(), member.arena());
            boolean later = there.get().incarnation() > member.incarnation();
            if (later || there.get().equals(wanted) || change(member.node(), stat, wanted)) {
                return;
            }
        }
    }

    private Optional<NodeEntry> read(int id, Stat stat) throws Exception {
        try {
            byte[] bytes = ensemble.curator().getData().storingStatIn(stat).forPath(tree.node(id));
            return Optional.of(NodeEntry.parse(tree.node(id), bytes));
        } catch (KeeperException.NoNodeException absent) {
            return Optional.empty();
        }
    }

    private boolean create(int id, NodeEntry entry) throws Exception {
        try {
            ensemble.curator().create().withMode(CreateMode.PERSISTENT).forPath(tree.node(id), entry.bytes());
            return true;
        } catch (KeeperException.NodeExistsException taken) {
            return false;
        }
    }

    private boolean change(int id, Stat stat, NodeEntry entry) throws Exception {
        try {
            ensemble.curator().setData().withVersion(stat.getVersion()).forPath(tree.node(id), entry.bytes());
            return true;
        } catch (KeeperException.NoNodeException | KeeperException.BadVersionException changedMeanwhile) {
            return false;
        }
    }

    /// The id that an entry's name says, 0 for one that is no node's.
    static int id(String name) {
        try {
            int id = Integer.parseInt(name);
            return id >= 1
                            && id <= GlobalPointer.MAX_NODE
                            && Integer.toString(id).equals(name)
                    ? id
                    : 0;
        } catch (NumberFormatException noNode) {
            return 0;
        }
    }
}
