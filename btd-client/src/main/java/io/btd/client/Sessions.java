// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import io.btd.api.transport.Connection.Turn;
import io.btd.membership.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The sessions of one client, one for each node it has talked to. Thread-safe.
final class Sessions {
    private final Surroundings surroundings;
    private final Deadlines deadlines;
    private final Map<Integer, Session> byNode = new ConcurrentHashMap<>();
    private volatile boolean ended;

    Sessions(Surroundings surroundings) {
        this.surroundings = surroundings;
        deadlines = new Deadlines(surroundings.time(), this::expire);
        surroundings.membership().onChange(this::prompt);
    }

    private void prompt() {
        byNode.values().forEach(Session::prompt);
    }

    private long expire(long now) {
        return byNode.values().stream()
                .mapToLong(session -> session.expire(now))
                .min()
                .orElse(Exchange.NO_DEADLINE);
    }

    /// The session with a node.
    Session with(int node) {
        Session session = byNode.get(node);
        if (session == null) {
            session = byNode.computeIfAbsent(node, id -> new Session(id, surroundings, deadlines));
            if (ended) {
                session.end();
            }
        }
        return session;
    }

    /// A turn at the work of the connection to a node, if it is to be had; see [Connection#turn].
    @Nullable
    Turn turn(int node) {
        Session session = byNode.get(node);
        return session == null ? null : session.turn();
    }

    /// The same where any node may be asked: if there is only one.
    @Nullable
    Turn turn() {
        return byNode.size() == 1 ? byNode.values().iterator().next().turn() : null;
    }

    /// Every session there is.
    Collection<Session> all() {
        return byNode.values();
    }

    /// The node that has an address.
    ///
    /// @throws InvalidPointer for null and what leads to no node of this cluster
    int nodeOf(long address) {
        int node = GlobalPointer.node(address);
        if (!isMember(node)) {
            throw address == GlobalPointer.NULL
                    ? new InvalidPointer(
                            address,
                            PointerFault.NULL,
                            "null pointer: pointer=" + GlobalPointer.toString(address),
                            "use a pointer that malloc returned")
                    : foreign(address);
        }
        return node;
    }

    /// The error about a pointer that leads to no node of this cluster.
    static InvalidPointer foreign(long address) {
        return new InvalidPointer(
                address,
                PointerFault.FOREIGN,
                "pointer leads to no node of this cluster: pointer=" + GlobalPointer.toString(address),
                "use a pointer that malloc of this cluster returned");
    }

    /// Whether there is such a node, live or not.
    boolean isMember(int node) {
        return byNode.containsKey(node) || members().containsKey(node);
    }

    /// Every node that ever joined, live or not, by id.
    Map<Integer, Member> members() {
        return surroundings.membership().members();
    }

    /// Whether a node runs on this machine.
    boolean isHere(Member member) {
        return member.host().equals(surroundings.host());
    }

    /// The live nodes, as the router wants to know them, by id.
    List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (Member member : members().values()) {
            if (member.live()) {
                Session session = byNode.get(member.node());
                long available = session == null ? -1 : session.available();
                BtdException trouble = session == null ? null : session.trouble();
                candidates.add(new Candidate(
                        member.node(),
                        isHere(member),
                        available < 0 ? member.available() : available,
                        trouble == null));
            }
        }
        return candidates;
    }

    /// Ends them all; calls that have no answer yet end with `CLOSED`.
    void end() {
        ended = true;
        byNode.values().forEach(Session::end);
    }
}
