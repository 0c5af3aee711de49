// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.SessionLost;
import io.btd.heap.SessionRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// The sessions of a node. Thread-safe. Opening and ending write to the arena: they belong on a worker.
///
/// A session is in the records before its client hears of it, and out of them before anybody hears of its end. What
/// it holds is given back after its record is closed: a crash in between leaves blocks that nobody declares.
public final class Sessions {
    private static final Logger LOG = System.getLogger(Sessions.class.getName());

    private final SessionRecords records;
    private final Limits limits;
    private final Executor worker;
    private final LongSupplier clock;
    private final Runnable allDeclared;
    private final Holdings holdings;
    private final SessionPlaces places;
    private final Map<Long, NodeSession> byNumber = new ConcurrentHashMap<>();
    private final Map<Client, NodeSession> latest = new ConcurrentHashMap<>();
    private final AtomicInteger undeclared = new AtomicInteger();
    private volatile long lastTick;

    /// What a node grants its sessions.
    ///
    /// @param node its id, for messages
    /// @param maxSessions at once
    /// @param window requests of one session on their way at once
    /// @param leaseNanos how long nothing may be heard of a session
    /// @param graceNanos the same of one that has not declared since the restart
    public record Limits(int node, int maxSessions, int window, long leaseNanos, long graceNanos) {}

    /// What a client calls itself.
    private record Client(long high, long low) {
        static Client of(NodeSession session) {
            return new Client(session.record().clientHigh(), session.record().clientLow());
        }
    }

    /// The sessions of the records, each with a full grace period to declare what it holds.
    ///
    /// @param worker makes what may block
    /// @param clock nanoseconds that only grow
    /// @param allDeclared is run by the worker when no session is left that has to declare; at once,
    ///     by the caller, if there is none
    public Sessions(
            SessionRecords records,
            HeldBlocks blocks,
            Limits limits,
            Executor worker,
            LongSupplier clock,
            Runnable allDeclared) {
        this.records = records;
        this.limits = limits;
        this.worker = worker;
        this.clock = clock;
        this.allDeclared = allDeclared;
        List<SessionRecord> known = records.all();
        places = new SessionPlaces(Math.max(limits.maxSessions(), known.size()));
        holdings = new Holdings(blocks, places);
        lastTick = clock.getAsLong();
        undeclared.set(known.size());
        known.forEach(record -> add(record, true));
        if (known.isEmpty()) {
            allDeclared.run();
        }
    }

    private NodeSession add(SessionRecord record, boolean undeclared) {
        NodeSession session = places.take(index -> new NodeSession(
                index, record, limits.window(), undeclared, clock.getAsLong(), new SerialTasks(worker)));
        byNumber.put(record.id(), session);
        NodeSession former = latest.put(Client.of(session), session);
        if (former != null && former.isUnheard()) {
            var _ = end(former, Optional.of(lost(former.record().id())));
        }
        return session;
    }

    /// What the sessions hold.
    public Holdings holdings() {
        return holdings;
    }

    /// How many there are.
    public int count() {
        return byNumber.size();
    }

    /// Opens one. If its client had one of which nothing was heard, that is ended: the client has not learned of it, or
    /// it would resume it.
    ///
    /// @throws Busy when there are as many as the node takes
    public NodeSession open(long clientHigh, long clientLow) {
        if (!places.reserve(limits.maxSessions())) {
            throw new Busy(
                    limits.node(),
                    "node takes no more sessions: sessions=" + count() + ", most=" + limits.maxSessions(),
                    "close some, or try again later");
        }
        SessionRecord record;
        try {
            record = records.open(clientHigh, clientLow);
        } catch (RuntimeException e) {
            places.cancel();
            throw e;
        }
        return add(record, false);
    }

    /// The session of this number and client.
    ///
    /// @throws SessionLost when there is none
    public NodeSession find(long clientHigh, long clientLow, long number) {
        NodeSession session = byNumber.get(number);
        if (session == null
                || session.record().clientHigh() != clientHigh
                || session.record().clientLow() != clientLow) {
            throw lost(number);
        }
        return session;
    }

    /// Gives a session this connection, and closes the one it had.
    ///
    /// @return the next request number; empty when the session is ending, see [#whenGone]
    public Optional<Long> attach(NodeSession session, SessionLink link) {
        List<SessionLink> former = new ArrayList<>(1);
        long next = session.attach(link, former);
        former.forEach(old -> old.goodbye(new BtdException.NodeDown(
                limits.node(), "session goes on over another connection: session=" + number(session), "use that one")));
        session.heard(clock.getAsLong());
        return next == 0 ? Optional.empty() : Optional.of(next);
    }

    /// The connection is closed; the session waits for another one.
    public void detach(NodeSession session, SessionLink link) {
        session.detach(link);
    }

    /// Has the session declared? The last part was made.
    public void declared(NodeSession session) {
        if (session.declared()) {
            oneDeclared();
        }
    }

    private void oneDeclared() {
        if (undeclared.decrementAndGet() == 0) {
            worker.execute(allDeclared);
        }
    }

    /// Ends a session: nothing of it is admitted from now on. Completes when its end is durable and what it held has
    /// been given back. A second call ends nothing and completes with the first.
    ///
    /// @param why goes to its connection, if it has one; empty when the caller tells it
    public CompletableFuture<Void> end(NodeSession session, Optional<BtdException> why) {
        if (session.beginEnd()) {
            var _ = session.quiet().thenRunAsync(() -> finishEnd(session, why), worker);
        }
        return session.gone();
    }

    /// Completes when a session that is ending has ended.
    public CompletableFuture<Void> whenGone(NodeSession session) {
        return session.gone();
    }

    private void finishEnd(NodeSession session, Optional<BtdException> why) {
        try {
            records.close(session.record());
            holdings.end(session.index());
            places.free(session);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "session could not be ended in order: session=" + number(session), e);
        } finally {
            byNumber.remove(session.record().id());
            latest.remove(Client.of(session), session);
            if (session.declared()) {
                oneDeclared();
            }
            SessionLink link = session.link();
            if (link != null) {
                why.ifPresent(link::goodbye);
            }
            session.gone().complete(null);
        }
    }

    /// Ends the sessions whose lease has run out. Called a few times per lease. Time in which this was not called
    /// does not count: then the node was stopped, and could not have heard anybody. Nor does time in which the node
    /// works for the session: its next request may wait behind that.
    public void tick() {
        long now = clock.getAsLong();
        long gap = now - lastTick;
        lastTick = now;
        boolean stopped = gap > limits.leaseNanos() / 2;
        for (NodeSession session : byNumber.values()) {
            if (stopped) {
                session.excuse(now, gap);
            }
            if (session.isWorkedFor()) {
                session.heard(now);
            }
            long patience = session.undeclared() ? limits.graceNanos() : limits.leaseNanos();
            if (now - session.heard() > patience) {
                var _ = end(session, Optional.of(lost(session.record().id())));
            }
        }
    }

    /// The error for a session that is not there.
    public SessionLost lost(long number) {
        return new SessionLost(
                limits.node(),
                "session has ended: session=" + Long.toUnsignedString(number) + ", lease="
                        + limits.leaseNanos() / 1_000_000 + " ms",
                "open a new one; what was not published is gone");
    }

    private static String number(NodeSession session) {
        return Long.toUnsignedString(session.record().id());
    }
}
