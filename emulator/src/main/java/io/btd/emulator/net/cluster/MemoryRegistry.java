// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.api.BtdException;
import io.btd.membership.Member;
import io.btd.membership.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Who is in a cluster whose nodes are in this process: what ZooKeeper would know, in memory, and out of reach when it
/// is to be. Thread-safe.
final class MemoryRegistry {
    private final ConcurrentSkipListMap<Integer, Member> members = new ConcurrentSkipListMap<>();
    private final Map<Integer, Integer> homes = new ConcurrentHashMap<>();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private volatile boolean up = true;

    boolean isUp() {
        return up;
    }

    /// Lets it be reached or not; what was learned while it could not be is told when it can be.
    void setUp(boolean now) {
        up = now;
        if (now) {
            views.forEach(View::refresh);
        }
    }

    /// A node lives.
    void announce(Member member) {
        members.put(member.node(), member);
        views.forEach(View::refresh);
    }

    /// A node is known to have died.
    void expire(int node) {
        members.computeIfPresent(
                node,
                (id, member) -> new Member(
                        member.node(),
                        member.arena(),
                        member.host(),
                        member.pid(),
                        List.of(),
                        member.incarnation(),
                        member.capacity(),
                        member.available(),
                        false));
        views.forEach(View::refresh);
    }

    /// A client's sight of it.
    Membership view() {
        View view = new View();
        views.add(view);
        return view;
    }

    private final class View implements Membership {
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private volatile SortedMap<Integer, Member> known = new TreeMap<>(members);

        private void refresh() {
            if (up) {
                known = new TreeMap<>(members);
                Thread.ofVirtual().start(() -> listeners.forEach(Runnable::run));
            }
        }

        @Override
        public SortedMap<Integer, Member> members() {
            return new TreeMap<>(known);
        }

        @Override
        public int homeOfRoots(int part) {
            Integer home = homes.get(part);
            if (home == null && !up) {
                throw new BtdException.Unreachable(
                        "membership cannot be reached: part=" + part, "wait until it is back");
            }
            return home != null
                    ? home
                    : homes.computeIfAbsent(part, ignored -> {
                        List<Integer> ids = new ArrayList<>(members.keySet());
                        return ids.get(part % ids.size());
                    });
        }

        @Override
        public void onChange(Runnable listener) {
            listeners.add(listener);
        }

        @Override
        public boolean connected() {
            return up;
        }

        @Override
        public void close() {
            listeners.clear();
            views.remove(this);
        }
    }
}
