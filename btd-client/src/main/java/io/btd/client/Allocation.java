// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.NodeDown;
import io.btd.api.BtdException.Recovering;
import io.btd.api.BtdException.Unreachable;
import io.btd.api.wire.Request;
import io.btd.client.Exchange.Patience;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One malloc on its way: asks the node that the router names; one that is full, down, busy or recovering is left
/// out, and the next is asked. When none is left, and time may help, everything begins anew after a while. One
/// step follows the other, so there is nothing to guard.
final class Allocation {
    private final Sessions sessions;
    private final Surroundings surroundings;
    private final Request request;
    private final int count;
    private final Hint hint;
    private final long turn;
    private final long deadline;
    private final Backoff backoff;
    private final CompletableFuture<long[]> result = new CompletableFuture<>();
    private final Set<Integer> excluded = new HashSet<>();
    private long largest;
    private @Nullable Full full;
    private @Nullable BtdException trouble;

    /// An allocation.
    ///
    /// @param request MALLOC or MALLOC_TYPED
    /// @param count how many blocks it asks for
    Allocation(
            Sessions sessions,
            Surroundings surroundings,
            Request request,
            int count,
            Hint hint,
            long turn,
            long deadline) {
        this.sessions = sessions;
        this.surroundings = surroundings;
        this.request = request;
        this.count = count;
        this.hint = hint;
        this.turn = turn;
        this.deadline = deadline;
        backoff = new Backoff(surroundings.random());
    }

    /// The blocks.
    CompletableFuture<long[]> result() {
        return result;
    }

    /// Asks the next node.
    void attempt() {
        List<Candidate> candidates = sessions.candidates();
        OptionalInt node = Router.choose(candidates, hint, excluded, turn, surroundings.random());
        if (node.isEmpty()) {
            exhausted();
            return;
        }
        Exchange<long[]> exchange =
                new Exchange<>(request, 0, deadline, Patience.LEAVES, response -> Answers.pointers(response, count));
        sessions.with(node.getAsInt()).submit(exchange);
        var _ = exchange.whenComplete((blocks, error) -> {
            if (error == null) {
                result.complete(blocks);
            } else {
                refused(node.getAsInt(), error);
            }
        });
    }

    private void refused(int node, Throwable error) {
        switch (error) {
            case Full refused -> {
                full = refused;
                largest = Math.max(largest, refused.largest());
            }
            case NodeDown refused -> trouble = refused;
            case Recovering refused -> trouble = refused;
            case Busy refused -> trouble = refused;
            default -> {
                result.completeExceptionally(error);
                return;
            }
        }
        excluded.add(node);
        attempt();
    }

    private void exhausted() {
        BtdException why = trouble;
        if (why == null && full != null) {
            result.completeExceptionally(excluded.size() == 1 ? full : allFull());
            return;
        }
        if (why == null) {
            why = new Unreachable(
                    "no node is live: members=" + sessions.members().keySet(), "start one");
        }
        long delay = backoff.delay();
        if (surroundings.time().now() + delay - deadline >= 0) {
            result.completeExceptionally(why);
            return;
        }
        excluded.clear();
        trouble = null;
        full = null;
        largest = 0;
        surroundings.time().after(delay, this::attempt);
    }

    private Full allFull() {
        return new Full(
                "every node is full: call=" + request.type() + ", nodes=" + excluded,
                largest,
                "free something, or add a node");
    }

    /// The client is closed.
    void end() {
        result.completeExceptionally(Troubles.closed());
    }
}
