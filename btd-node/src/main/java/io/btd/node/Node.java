// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.BtdException;
import io.btd.api.NodeStat;
import io.btd.api.RecoveryReport;
import io.btd.api.transport.Endpoint;
import io.btd.api.wire.Response;
import io.btd.node.arena.NodeArena;
import io.btd.node.serve.Service;
import io.btd.node.serve.Workers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// A node of a cluster: owns an arena, listens, and serves the sessions of clients as `docs/spec/wire.md` says.
/// Thread-safe. What runs: the transports' threads, a few workers, one timer; all are daemons, and gone after
/// [#close].
public final class Node implements AutoCloseable {
    private static final long TICKS_PER_LEASE = 8;

    private final NodeArena arena;
    private final Workers workers;
    private final ScheduledExecutorService timer;
    private final Service service;
    private final Listeners listeners;
    private final List<Endpoint> endpoints;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Node(NodeConfig config, NodeArena arena, BooleanSupplier maySessionsOpen) {
        this.arena = arena;
        int id = id();
        workers = new Workers(id);
        timer = Executors.newSingleThreadScheduledExecutor(work ->
                Thread.ofPlatform().daemon().name("btd-node-" + id + "-timer").unstarted(work));
        Duration grace = config.grace().orElse(config.lease());
        try {
            service = new Service(
                    arena,
                    new Service.Terms(
                            config.namespace(),
                            config.secret(),
                            config.lease(),
                            grace,
                            config.window(),
                            config.maxSessions()),
                    maySessionsOpen,
                    workers,
                    timer);
            listeners = new Listeners(config.listen(), service);
        } catch (RuntimeException e) {
            timer.shutdownNow();
            workers.close();
            throw e;
        }
        endpoints = listeners.endpoints();
        long tick = Math.max(1, Math.min(config.lease().toMillis(), grace.toMillis()) / TICKS_PER_LEASE);
        var _ = timer.scheduleAtFixedRate(service::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    /// Opens the arena, recovering it if need be, listens and serves.
    ///
    /// @param maySessionsOpen asked for every new session: false while the node must not take any; must not block
    /// @throws BtdException.InvalidConfig when it cannot listen as the configuration says, or must not
    /// @throws BtdException.ArenaUnusable when the arena cannot be used, saying why
    /// @throws BtdException.ArenaOwned when a live process owns the arena
    public static Node start(NodeConfig config, BooleanSupplier maySessionsOpen) {
        Loopback.check(config);
        NodeArena arena = NodeArena.open(config.arena());
        try {
            return new Node(config, arena, maySessionsOpen);
        } catch (RuntimeException e) {
            arena.arena().close(!arena.sessions().sessions().isEmpty());
            throw e;
        }
    }

    /// The id in the pointers to its blocks, 1..4095.
    public int id() {
        return arena.arena().file().node();
    }

    /// Which of its lives this is: how often the arena was opened.
    public long incarnation() {
        return arena.arena().file().generation();
    }

    /// Where it listens, with the ports it got, in the order of the configuration.
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /// The arena's identity.
    public UUID arenaUuid() {
        return arena.arena().file().uuid();
    }

    /// How much room there is.
    public Response.Load load() {
        return service.load();
    }

    /// Whether it waits for sessions of before its restart.
    public NodeStat.State state() {
        return service.state();
    }

    /// What it has and what is in use, as seen at its first endpoint.
    ///
    /// @throws BtdException.Closed when it is closed
    public NodeStat stat() {
        return service.stat(endpoints.getFirst());
    }

    /// What opening the arena found, and what was decided since.
    public RecoveryReport recovery() {
        return arena.recovery();
    }

    /// Stops in good order: tells the clients, ends what is being made, and closes the arena. Sessions, and what they
    /// hold, are kept for the next start. A second call does nothing.
    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            listeners.stopListening();
            service.disconnect(new BtdException.NodeDown(id(), "node is stopping", "wait until it is back"));
            quiesce();
            arena.arena().close(!arena.sessions().sessions().isEmpty());
        }
    }

    /// Stops as if the process had been killed, for tests: nobody is told, nothing is written, the arena is left as it
    /// is, and free to be opened again.
    public void abandon() {
        if (ended.compareAndSet(false, true)) {
            quiesce();
            arena.arena().abandon();
        }
    }

    /// Waits until no thread touches the arena.
    private void quiesce() {
        timer.shutdownNow();
        listeners.close();
        workers.close();
        boolean interrupted = false;
        while (!timer.isTerminated()) {
            try {
                timer.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "node: id=" + id() + ", endpoints=" + endpoints;
    }
}
