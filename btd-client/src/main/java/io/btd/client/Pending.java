// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.wire.Request;
import io.btd.client.Exchange.Patience;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The requests of one session that have no answer yet, each in one place. The session's lock guards it.
///
/// ```
/// urgent    of the protocol itself: goes before every call
/// waiting   a call that goes when the window and the connection have room, in the order of arrival
/// sent      on its way, by its id (Outstanding)
/// resting   a call that a busy node refused: waits again after a while
/// ```
final class Pending {
    /// Calls that may wait for room, those of all callers together.
    static final int MAX_WAITING = 1 << 16;

    private final Deque<Exchange<?>> urgent = new ArrayDeque<>();
    private final Deque<Exchange<?>> waiting = new ArrayDeque<>();
    private final Outstanding sent = new Outstanding();
    private final List<Exchange<?>> resting = new ArrayList<>();

    /// What is on its way.
    Outstanding sent() {
        return sent;
    }

    // --- what is to be sent

    /// A request of the protocol itself is to be sent.
    void urge(Request request) {
        urgent.add(new Exchange<>(request, 0, Exchange.NO_DEADLINE, Patience.INTERNAL, response -> response));
    }

    /// A call is to be sent when there is room.
    void enqueue(Exchange<?> call) {
        waiting.add(call);
    }

    /// Whether no more calls may wait.
    boolean isFull() {
        return waiting.size() >= MAX_WAITING;
    }

    /// Whether a call waits for room: others go behind it.
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /// Takes the next urgent request, if the window has a place for it.
    @Nullable
    Exchange<?> takeUrgent() {
        return sent.hasRoom(1) ? urgent.poll() : null;
    }

    /// Takes the next waiting call, if nothing urgent is before it.
    @Nullable
    Exchange<?> takeWaiting() {
        return urgent.isEmpty() ? waiting.poll() : null;
    }

    /// A call was refused by a busy node.
    void rest(Exchange<?> call) {
        call.unsent();
        resting.add(call);
    }

    /// What rested waits again, behind the others.
    void wake() {
        waiting.addAll(resting);
        resting.clear();
    }

    // --- a new connection

    /// The node's life or the session in which requests were sent is over. What does not mutate is to be sent
    /// anew, before what waits.
    ///
    /// @return the rest, of which nobody knows what became
    List<Exchange<?>> endLife() {
        List<Exchange<?>> unknown = new ArrayList<>();
        List<Exchange<?>> anew = new ArrayList<>();
        for (Exchange<?> exchange : sent.ascending()) {
            if (exchange.patience() == Patience.INTERNAL || exchange.isClaimed()) {
                continue;
            }
            if (exchange.request().mutates()) {
                unknown.add(exchange);
            } else {
                exchange.unsent();
                anew.add(exchange);
            }
        }
        urgent.clear();
        for (Exchange<?> exchange : anew.reversed()) {
            waiting.addFirst(exchange);
        }
        return unknown;
    }

    /// Of what was sent, some is not sent again: what nobody waits for and either has no effect or has bytes of a
    /// caller who has gone; PING; and parts of a declaration that begins anew.
    void forgetUnwanted(boolean declaring) {
        for (Exchange<?> exchange : sent.ascending()) {
            Request request = exchange.request();
            boolean gone = exchange.isClaimed() && (!request.mutates() || CallerBytes.in(request));
            if (gone || isVoid(request, declaring)) {
                sent.remove(exchange);
            }
        }
        urgent.removeIf(exchange -> isVoid(exchange.request(), declaring));
    }

    private static boolean isVoid(Request request, boolean declaring) {
        return request instanceof Request.Ping || declaring && request instanceof Request.Declare;
    }

    // --- ends without an answer

    /// The node cannot be reached: takes out of the line what does not want to wait for it.
    ///
    /// @param hopeless whether waiting would not help
    /// @param broken whether a connection ended that was open: the end of the session is then worth another one
    /// @return what is to be failed; what was sent stays, for its answer says what the session holds
    List<Exchange<?>> leave(boolean hopeless, boolean broken) {
        List<Exchange<?>> leaving = new ArrayList<>();
        waiting.removeIf(call -> (hopeless || leaves(call, broken)) && leaving.add(call));
        // A malloc that was sent goes elsewhere as well: if there is an answer one day, its blocks are freed.
        sent.ascending().stream().filter(exchange -> leaves(exchange, broken)).forEach(leaving::add);
        return leaving;
    }

    private static boolean leaves(Exchange<?> exchange, boolean broken) {
        return exchange.patience() == Patience.LEAVES && !(broken && exchange.request() instanceof Request.Close);
    }

    /// Claims what is late. What was not sent is forgotten; what was sent stays, for its answer says what the
    /// session holds.
    ///
    /// @param late told of each
    /// @return the earliest deadline of the others, [Exchange#NO_DEADLINE] when there is none
    long expire(long now, Consumer<Exchange<?>> late) {
        long earliest = Exchange.NO_DEADLINE;
        for (Collection<Exchange<?>> place : List.of(sent.ascending(), waiting, resting)) {
            for (Iterator<Exchange<?>> each = place.iterator(); each.hasNext(); ) {
                Exchange<?> exchange = each.next();
                if (exchange.deadline() == Exchange.NO_DEADLINE || exchange.isClaimed()) {
                    continue;
                }
                if (exchange.deadline() - now > 0) {
                    earliest = Math.min(earliest, exchange.deadline());
                } else if (exchange.claim()) {
                    late.accept(exchange);
                    if (!exchange.sent()) {
                        each.remove();
                    }
                }
            }
        }
        return earliest;
    }

    /// The client closes: nothing waits any more.
    ///
    /// @return everything that has no answer
    List<Exchange<?>> end() {
        List<Exchange<?>> all = new ArrayList<>(sent.ascending());
        all.addAll(waiting);
        all.addAll(resting);
        waiting.clear();
        resting.clear();
        return all;
    }

    /// Whether there is neither a call to be sent nor anything on its way.
    boolean isEmpty() {
        return waiting.isEmpty() && resting.isEmpty() && sent.isEmpty();
    }

    /// Whether nobody waits for an answer: what is left is the protocol's own, or its caller gave up.
    boolean isIdle() {
        return Stream.of(waiting, resting, sent.ascending())
                .flatMap(Collection::stream)
                .allMatch(exchange -> exchange.isClaimed() || exchange.patience() == Patience.INTERNAL);
    }
}
