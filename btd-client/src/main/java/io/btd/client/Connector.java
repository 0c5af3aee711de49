// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.NodeDown;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.client.Time.Alarm;
import io.btd.membership.Member;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps one connection to a node while its session wants one: chooses the endpoint, connects, greets, and after a
/// failure tries again, later each time, at once when the membership changes. Thread-safe; calls its session
/// without holding its own lock.
final class Connector {
    /// How long a connection may take to open.
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /// How long the node may take to say WELCOME.
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(3);

    private static final Alarm NONE = () -> {};

    private final int node;
    private final Surroundings surroundings;
    private final Session session;
    private final Link.Owner owner;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();

    private Stage stage = Stage.IDLE;
    private Alarm alarm = NONE;
    private @Nullable Link link;
    private @Nullable Member triedMember;
    private int attempts;

    private enum Stage {
        /// No connection, and none is wanted.
        IDLE,
        /// One is wanted, after a while.
        RESTING,
        /// One is being opened.
        CONNECTING,
        /// It is open, and HELLO was said.
        GREETING,
        /// The session is open.
        OPEN,
        /// No other will be made.
        CLOSED
    }

    /// A connector that rests until somebody wants a connection.
    ///
    /// @param owner told what happens on the connections
    Connector(Session session, Surroundings surroundings, Link.Owner owner) {
        node = session.node();
        this.surroundings = surroundings;
        this.session = session;
        this.owner = owner;
        backoff = new Backoff(surroundings.random());
    }

    /// A connection is wanted.
    void want() {
        lock.lock();
        try {
            if (stage == Stage.IDLE) {
                connect();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The membership has changed: what failed before may work now.
    void prompt() {
        Member member = surroundings.membership().members().get(node);
        lock.lock();
        try {
            if (stage == Stage.RESTING && member != null && member.live() && !member.equals(triedMember)) {
                backoff.reset();
                connect();
            }
        } finally {
            lock.unlock();
        }
    }

    private void connect() {
        alarm.cancel();
        stage = Stage.CONNECTING;
        surroundings.time().start(this::attempt);
    }

    private void attempt() {
        Link greeting = new Link(node, new Handshake(node, session.number(), surroundings), owner);
        Connection connection;
        try {
            Endpoint endpoint = endpoint();
            connection =
                    surroundings.transports().named(endpoint.transport()).connect(endpoint, greeting, CONNECT_TIMEOUT);
        } catch (BtdException refused) {
            failed(null, refused, false);
            return;
        } catch (RuntimeException broken) {
            failed(null, down("transport failed: error=" + broken), false);
            return;
        }
        lock.lock();
        try {
            if (stage != Stage.CONNECTING) {
                connection.close();
                return;
            }
            stage = Stage.GREETING;
            link = greeting;
            alarm = surroundings.time().after(HANDSHAKE_TIMEOUT.toNanos(), () -> late(greeting));
        } finally {
            lock.unlock();
        }
        greeting.greet(connection);
        if (!connection.isOpen()) {
            failed(greeting, down("connection ended at once"), false); // its end may have been told before it was ours
        }
    }

    private Endpoint endpoint() {
        Member member = surroundings.membership().members().get(node);
        lock.lock();
        try {
            triedMember = member;
        } finally {
            lock.unlock();
        }
        if (member == null) {
            throw down("node is not a member");
        }
        List<Endpoint> endpoints = Endpoints.of(
                member,
                surroundings.host(),
                surroundings.config().transport(),
                surroundings.transports().providers());
        if (endpoints.isEmpty()) {
            throw down(member.live() ? "node has no endpoint that this client can use" : "node is not live");
        }
        return endpoints.get(Math.floorMod(attempts, endpoints.size()));
    }

    private NodeDown down(String what) {
        return new NodeDown(node, what + ": node=" + node, "start it, or wait for it");
    }

    private void late(Link greeting) {
        greeting.fail(down("node did not answer the handshake"));
    }

    /// The session is open on this link; says whether it is the one that was wanted.
    boolean greeted(Link greeted) {
        lock.lock();
        try {
            if (stage != Stage.GREETING || link != greeted) {
                return false;
            }
            alarm.cancel();
            backoff.reset();
            stage = Stage.OPEN;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// A connection could not be opened, or ended.
    ///
    /// @param ended null where there was none
    /// @param again whether to try again at once
    void failed(@Nullable Link ended, BtdException why, boolean again) {
        boolean broken;
        lock.lock();
        try {
            if (stage == Stage.CLOSED || link != ended) {
                return;
            }
            alarm.cancel();
            link = null;
            attempts++;
            broken = stage == Stage.OPEN;
            stage = Stage.RESTING;
        } finally {
            lock.unlock();
        }
        boolean wanted = session.unreachable(why, broken);
        lock.lock();
        try {
            if (stage != Stage.RESTING) {
                return;
            }
            if (!wanted) {
                stage = Stage.IDLE;
            } else if (again) {
                connect();
            } else {
                alarm = surroundings.time().after(backoff.delay(), this::rested);
            }
        } finally {
            lock.unlock();
        }
        if (!wanted && session.wantsConnection()) {
            want(); // it changed its mind in between
        }
    }

    private void rested() {
        lock.lock();
        try {
            if (stage == Stage.RESTING) {
                connect();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the connection; no other is made.
    void close() {
        Link open;
        lock.lock();
        try {
            stage = Stage.CLOSED;
            alarm.cancel();
            open = link;
            link = null;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close();
        }
    }
}
