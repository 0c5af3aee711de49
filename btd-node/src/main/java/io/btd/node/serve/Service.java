// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.BtdException;
import io.btd.api.NodeStat;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.Response;
import io.btd.node.arena.NodeArena;
import io.btd.node.session.Sessions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What the connections of a node share. Thread-safe.
public final class Service {
    private static final Logger LOG = System.getLogger(Service.class.getName());

    private final NodeArena arena;
    private final Terms terms;
    private final BooleanSupplier maySessionsOpen;
    private final Workers workers;
    private final ScheduledExecutorService timer;
    private final Sessions sessions;
    private final boolean storesBlock;
    private final Set<ServedConnection> connections = ConcurrentHashMap.newKeySet();

    /// What a client has to meet, and is told.
    ///
    /// @param namespace of the cluster
    /// @param secret shared by all members
    /// @param lease of sessions
    /// @param grace of sessions of before a restart
    /// @param window of sessions
    /// @param maxSessions at once
    public record Terms(
            String namespace, Optional<String> secret, Duration lease, Duration grace, int window, int maxSessions) {}

    /// The service of an open arena; sessions of before begin their lease.
    ///
    /// @param maySessionsOpen whether new sessions are welcome
    public Service(
            NodeArena arena,
            Terms terms,
            BooleanSupplier maySessionsOpen,
            Workers workers,
            ScheduledExecutorService timer) {
        this.arena = arena;
        this.terms = terms;
        this.maySessionsOpen = maySessionsOpen;
        this.workers = workers;
        this.timer = timer;
        storesBlock = arena.arena().file().memory().domain() == io.btd.api.PersistenceDomain.PAGE;
        long leaseMillis = terms.lease().toMillis();
        sessions = new Sessions(
                new TableRecords(arena.sessions(), leaseMillis, incarnation()),
                new HeapBlocks(arena.arena().heap()),
                new Sessions.Limits(
                        node(),
                        terms.maxSessions(),
                        terms.window(),
                        terms.lease().toNanos(),
                        terms.grace().toNanos()),
                workers,
                System::nanoTime,
                arena::decide);
    }

    /// Takes up a connection that came in where the node listens.
    ///
    /// @param endpoint asked when it is to be told
    public FrameHandler accept(Connection connection, Supplier<Endpoint> endpoint) {
        ServedConnection served = new ServedConnection(this, connection, endpoint);
        connections.add(served);
        return served;
    }

    void forget(ServedConnection connection) {
        connections.remove(connection);
    }

    /// Tells every connection, and closes it. Sessions stay.
    public void disconnect(BtdException why) {
        connections.forEach(connection -> connection.goodbye(why));
    }

    /// Ends the sessions whose lease has run out; called a few times per lease. Never throws, so that the timer goes
    /// on.
    public void tick() {
        try {
            sessions.tick();
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "leases could not be looked at", broken);
        }
    }

    /// The node's id.
    int node() {
        return arena.arena().file().node();
    }

    /// Which life of the node this is.
    long incarnation() {
        return arena.arena().file().generation();
    }

    NodeArena arena() {
        return arena;
    }

    Terms terms() {
        return terms;
    }

    Workers workers() {
        return workers;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /// The node's sessions.
    public Sessions sessions() {
        return sessions;
    }

    /// Whether making something persistent waits for a device.
    boolean storesBlock() {
        return storesBlock;
    }

    boolean maySessionsOpen() {
        return maySessionsOpen.getAsBoolean();
    }

    /// How much room there is.
    public Response.Load load() {
        return new Response.Load(
                arena.arena().available(),
                arena.arena().capacity(),
                maySessionsOpen() && sessions.count() < terms.maxSessions());
    }

    /// Whether the node waits for sessions of before.
    public NodeStat.State state() {
        return arena.arena().heap().undecided() ? NodeStat.State.RECOVERING : NodeStat.State.UP;
    }

    /// The node as somebody sees it who reached it there.
    public NodeStat stat(Endpoint endpoint) {
        return new NodeStat(
                node(),
                state(),
                endpoint.transport(),
                endpoint.toString(),
                incarnation(),
                sessions.count(),
                sessions.holdings().limbo(),
                List.of(arena.stat()));
    }
}
