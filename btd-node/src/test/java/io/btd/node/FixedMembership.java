// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.NodeStat;
import io.btd.membership.Host;
import io.btd.membership.Member;
import io.btd.membership.Membership;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A membership that says what it was told, for tests that have no ZooKeeper. All roots live on the first node.
final class FixedMembership implements Membership {
    private final SortedMap<Integer, Member> members = new ConcurrentSkipListMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// These nodes, alive.
    FixedMembership(Node... nodes) {
        for (Node node : nodes) {
            show(node);
        }
    }

    /// A node is there, or is there again.
    void show(Node node) {
        NodeStat stat = node.stat();
        members.put(
                node.id(),
                new Member(
                        node.id(),
                        node.arenaUuid(),
                        Host.here(),
                        ProcessHandle.current().pid(),
                        node.endpoints(),
                        node.incarnation(),
                        stat.arenas().getFirst().capacity(),
                        node.load().available(),
                        true));
        listeners.forEach(Runnable::run);
    }

    @Override
    public SortedMap<Integer, Member> members() {
        return Collections.unmodifiableSortedMap(members);
    }

    @Override
    public int homeOfRoots(int part) {
        return members.firstKey();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public boolean connected() {
        return true;
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
