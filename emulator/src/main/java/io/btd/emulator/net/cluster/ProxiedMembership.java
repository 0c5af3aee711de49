// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.api.transport.Endpoint;
import io.btd.membership.Member;
import io.btd.membership.Membership;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A membership as one client is to see it: every node listens behind that client's proxy, by TCP only. Thread-safe.
final class ProxiedMembership implements Membership {
    private final Membership real;
    private final Links links;
    private final int client;

    ProxiedMembership(Membership real, Links links, int client) {
        this.real = real;
        this.links = links;
        this.client = client;
    }

    @Override
    public SortedMap<Integer, Member> members() {
        SortedMap<Integer, Member> members = new TreeMap<>();
        real.members().forEach((id, member) -> members.put(id, proxied(member)));
        return members;
    }

    private Member proxied(Member member) {
        List<Endpoint> endpoints = member.endpoints().stream()
                .filter(Links::isTcp)
                .map(endpoint -> links.through(client, member.node(), endpoint))
                .toList();
        return new Member(
                member.node(),
                member.arena(),
                member.host(),
                member.pid(),
                endpoints,
                member.incarnation(),
                member.capacity(),
                member.available(),
                member.live());
    }

    @Override
    public int homeOfRoots(int part) {
        return real.homeOfRoots(part);
    }

    @Override
    public void onChange(Runnable listener) {
        real.onChange(listener);
    }

    @Override
    public boolean connected() {
        return real.connected();
    }

    @Override
    public void close() {
        real.close();
    }
}
