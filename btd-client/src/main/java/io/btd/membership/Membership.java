// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import java.util.SortedMap;

/// Who is in the cluster. Thread-safe; answers come from memory and follow ZooKeeper with its delay. While
/// ZooKeeper cannot be reached they stay as they were.
public interface Membership extends AutoCloseable {

    /// Into how many parts the names and slots of the cluster's roots are divided; each part lives on one node for
    /// ever.
    int ROOT_PARTS = 64;

    /// Every node that ever joined and was not forgotten, by id; live or not.
    SortedMap<Integer, Member> members();

    /// The node that has a part of the roots: decided, durably and once, when it is first asked for.
    ///
    /// @param part 0..[#ROOT_PARTS]-1
    /// @throws io.btd.api.BtdException.Unreachable when it is not decided yet, and ZooKeeper cannot be reached
    ///     or no node is live, within the deadline
    int homeOfRoots(int part);

    /// Runs `listener` after each change, on a thread of its own; until the membership is closed.
    void onChange(Runnable listener);

    /// Whether ZooKeeper can be reached just now.
    boolean connected();

    @Override
    void close();
}
