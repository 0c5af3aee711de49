// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import java.nio.file.Path;
import java.util.UUID;

/// A node's side of the membership. Thread-safe.
public interface NodeRegistry extends AutoCloseable {

    /// Reserves a node id for a new arena, durably; the same id again for the same folder, so that a crash between this
    /// and the making of the arena loses none.
    ///
    /// @param folder of the node, on this machine
    /// @throws io.btd.api.BtdException.Unreachable when ZooKeeper cannot be reached
    /// @throws io.btd.api.BtdException.InvalidConfig when all 4095 are taken
    int reserveId(Path folder);

    /// Ties an id to the arena that has it, durably.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig when another arena has the id
    void claimId(int node, UUID arena, Path folder);

    /// Announces that the node lives, until it is closed or its process dies; anew whenever ZooKeeper lost it.
    void announce(Member member);

    /// Whether ZooKeeper knows that the node lives.
    boolean connected();

    /// Whether this node is the leader of the cluster.
    boolean leads();

    /// Takes the announcement back.
    @Override
    void close();
}
