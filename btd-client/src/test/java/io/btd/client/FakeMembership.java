// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.membership.Member;
import io.btd.membership.Membership;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A membership that a test writes.
final class FakeMembership implements Membership {
    private final SortedMap<Integer, Member> members = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// A member joins, or changes.
    void put(Member member) {
        synchronized (members) {
            members.put(member.node(), member);
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public SortedMap<Integer, Member> members() {
        synchronized (members) {
            return new TreeMap<>(members);
        }
    }

    /// Round the members by id.
    @Override
    public int homeOfRoots(int part) {
        List<Integer> nodes = List.copyOf(members().keySet());
        return nodes.get(part % nodes.size());
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
