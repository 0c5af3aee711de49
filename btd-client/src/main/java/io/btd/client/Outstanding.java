// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The requests of one session that were sent and not answered, by their ids, and with them `acknowledged`: the
/// id up to which every answer has arrived or is not wanted. Not thread-safe: the session's lock guards it.
///
/// A ring: ids between `acknowledged` and `acknowledged + window` have a place of their own.
final class Outstanding {
    private static final long RESERVED = 4;

    private @Nullable Exchange<?>[] ring = new Exchange<?>[1];
    private long window;
    private long acknowledged;
    private long next = 1;

    /// Begins anew, with nothing on its way.
    void restart(long nextId, long window) {
        ring = new Exchange<?>[ringFor(window)];
        this.window = window;
        next = nextId;
        acknowledged = nextId - 1;
    }

    /// Goes on with another window; what is on its way stays, even where the new window is narrower.
    void resume(long nextId, long window) {
        if (isEmpty()) {
            restart(Math.max(next, nextId), window);
            return;
        }
        @Nullable Exchange<?>[] old = ring;
        ring = new Exchange<?>[ringFor(Math.max(window, next - acknowledged))];
        for (long id = acknowledged + 1; id < next; id++) {
            ring[at(id)] = old[(int) (id & old.length - 1)];
        }
        this.window = window;
    }

    private static int ringFor(long window) {
        long size = Math.min(Math.max(window, 1), 1L << 20);
        return Integer.highestOneBit((int) size - 1 | 1) << 1;
    }

    /// Whether `more` requests may be sent now.
    boolean hasRoom(long more) {
        return next - 1 + more <= acknowledged + Math.min(window, ring.length);
    }

    /// Whether a call may be sent now: calls leave some places to the protocol's own requests.
    boolean hasRoomForCall() {
        return hasRoom(1 + Math.min(RESERVED, window / 4));
    }

    /// The id of the next request, which is on its way from now on.
    long add(Exchange<?> exchange) {
        if (!hasRoom(1)) {
            throw new IllegalStateException("window is full: next=" + next + ", acknowledged=" + acknowledged);
        }
        ring[at(next)] = exchange;
        return next++;
    }

    /// The request with this id; null when it is not on its way.
    @Nullable
    Exchange<?> get(long id) {
        return id <= acknowledged || id >= next ? null : ring[at(id)];
    }

    /// A request that is on its way is awaited no more.
    void remove(Exchange<?> exchange) {
        if (get(exchange.id()) != exchange) {
            throw new IllegalStateException("request is not on its way: id=" + exchange.id());
        }
        ring[at(exchange.id())] = null;
        while (acknowledged + 1 < next && ring[at(acknowledged + 1)] == null) {
            acknowledged++;
        }
    }

    /// Up to which id nothing is awaited any more.
    long acknowledged() {
        return acknowledged;
    }

    /// How many ids are between the oldest request on its way and the newest, both included.
    private long count() {
        return next - 1 - acknowledged;
    }

    /// Whether nothing is on its way.
    boolean isEmpty() {
        return count() == 0;
    }

    /// What is on its way, in ascending order of ids.
    List<Exchange<?>> ascending() {
        List<Exchange<?>> all = new ArrayList<>();
        for (long id = acknowledged + 1; id < next; id++) {
            Exchange<?> exchange = ring[at(id)];
            if (exchange != null) {
                all.add(exchange);
            }
        }
        return all;
    }

    private int at(long id) {
        return (int) (id & ring.length - 1);
    }
}
