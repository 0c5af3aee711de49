// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.wire.Request;
import io.btd.client.Exchange.Patience;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What all handles on one remote cluster share: sessions, calls, and the end of them all. Thread-safe.
final class Core {
    private final Surroundings surroundings;
    private final Sessions sessions;
    private final Calls calls;
    private final Set<Allocation> allocations = ConcurrentHashMap.newKeySet();
    private final AtomicLong turns = new AtomicLong();
    private volatile boolean closing;

    Core(Surroundings surroundings) {
        this.surroundings = surroundings;
        sessions = new Sessions(surroundings);
        calls = new Calls(sessions);
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Sessions sessions() {
        return sessions;
    }

    Calls calls() {
        return calls;
    }

    Time time() {
        return surroundings.time();
    }

    /// Checks that the cluster was not closed.
    ///
    /// @throws BtdException.Closed when it was
    void checkOpen() {
        if (closing) {
            throw Troubles.closed();
        }
    }

    boolean isOpen() {
        return !closing;
    }

    private long turn() {
        return turns.getAndIncrement();
    }

    /// Where the hint says that a block should go; empty while no node is live.
    OptionalInt route(Hint hint) {
        return Router.choose(sessions.candidates(), hint, Set.of(), turn(), surroundings.random());
    }

    /// Allocates where the hint says.
    CompletableFuture<long[]> allocate(Request request, int count, Hint hint, long deadline) {
        Allocation allocation = new Allocation(sessions, surroundings, request, count, hint, turn(), deadline);
        allocations.add(allocation);
        CompletableFuture<long[]> result = allocation.result().whenComplete((_, _) -> allocations.remove(allocation));
        allocation.attempt();
        if (closing) {
            allocation.end();
        }
        return result;
    }

    /// Takes no more calls; lets those that are on their way end, ends the sessions, then everything. A second
    /// close does nothing.
    void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        long deadline = time().now() + surroundings.config().deadline().toNanos();
        try {
            CompletableFuture<?>[] ended = sessions.all().stream()
                    .map(session -> session.whenIdle().thenCompose(_ -> goodbye(session, deadline)))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture<Void> all = CompletableFuture.allOf(ended);
            Time.Alarm late = time().after(deadline - time().now(), () -> all.completeExceptionally(Troubles.closed()));
            all.exceptionally(_ -> Answers.nothing()).join();
            late.cancel();
        } finally {
            sessions.end();
            allocations.forEach(Allocation::end);
            surroundings.transports().close();
            surroundings.membership().close();
            time().close();
        }
    }

    /// Ends a session; what goes wrong is left to the lease.
    private CompletableFuture<?> goodbye(Session session, long deadline) {
        if (session.number() == 0) {
            return CompletableFuture.allOf();
        }
        Exchange<Void> close = new Exchange<>(new Request.Close(), 0, deadline, Patience.LEAVES, Answers::done);
        session.submit(close);
        return close.exceptionally(_ -> Answers.nothing());
    }
}
