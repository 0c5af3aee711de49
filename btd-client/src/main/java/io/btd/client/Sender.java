// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.transport.Connection.Outbound;
import io.btd.api.wire.FrameHeader;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Sends the requests of one session on its connection of the moment, as the window, the connection and the state
/// of the session allow. The session's lock guards it; [#link] and [#isOpen] may be asked without, and then say what
/// was true a moment ago.
///
/// Whatever makes room, or adds to what is to be sent, is followed by [#drain] before the lock is released: nobody
/// else looks. The one exception is a call that a busy node refused; the alarm that wakes it drains.
final class Sender {
    private final int node;
    private final Time time;
    private final Pending pending;
    private final HoldingRules rules;
    private final LostBlocks lost;
    private final BiConsumer<Exchange<?>, RuntimeException> refused;

    private volatile @Nullable Link link;
    private volatile boolean open;
    private long incarnation;

    /// A sender without a connection.
    ///
    /// @param refused told, under the lock, of a call that turned out to be unsendable when its turn came
    Sender(
            int node,
            Time time,
            Pending pending,
            HoldingRules rules,
            LostBlocks lost,
            BiConsumer<Exchange<?>, RuntimeException> refused) {
        this.node = node;
        this.time = time;
        this.pending = pending;
        this.rules = rules;
        this.lost = lost;
        this.refused = refused;
    }

    // --- the connection

    /// The connection of the moment; null while there is none.
    @Nullable
    Link link() {
        return link;
    }

    /// Whether calls may be sent, and not only the protocol's own requests.
    boolean isOpen() {
        return open;
    }

    /// From now on this is the connection.
    ///
    /// @param incarnation the node's life
    /// @param isOpen whether calls may be sent at once; otherwise after [#open]
    void connect(Link greeted, long incarnation, boolean isOpen) {
        link = greeted;
        this.incarnation = incarnation;
        open = isOpen;
    }

    /// Calls may be sent.
    void open() {
        open = true;
    }

    /// There is no connection.
    void disconnect() {
        link = null;
        open = false;
    }

    // --- what may be sent

    /// Whether a call that was encoded for a connection may be sent on it at once, before nobody who waits.
    boolean takes(Link encodedFor) {
        return link == encodedFor && open && !pending.hasWaiting() && hasRoomForCall(encodedFor);
    }

    private boolean hasRoomForCall(Link current) {
        return pending.sent().hasRoomForCall() && current.connection().isWritable();
    }

    /// Checks that a call is about no block that a lost session held.
    ///
    /// @return the error if it is
    @Nullable
    BtdException lostBlock(Exchange<?> call) {
        try {
            lost.check(node, call.request());
            return null;
        } catch (SessionLost error) {
            return error;
        }
    }

    /// Sends what may be sent of what waits.
    void drain() {
        Link current = link;
        if (current == null) {
            return;
        }
        for (Exchange<?> next = pending.takeUrgent(); next != null; next = pending.takeUrgent()) {
            sendWaiting(current, next);
        }
        while (open && pending.hasWaiting() && hasRoomForCall(current)) {
            Exchange<?> next = pending.takeWaiting();
            if (next == null) {
                return; // something urgent has no room
            }
            sendWaiting(current, next);
        }
    }

    private void sendWaiting(Link current, Exchange<?> exchange) {
        if (exchange.isClaimed()) {
            return;
        }
        Outbound frame;
        try {
            lost.check(node, exchange.request());
            frame = current.encode(exchange.request());
        } catch (RuntimeException unsendable) {
            refused.accept(exchange, unsendable);
            return;
        }
        send(current, exchange, frame);
    }

    // --- sending

    /// Sends a request that was encoded for the connection of the moment, under a new id.
    void send(Link current, Exchange<?> exchange, Outbound frame) {
        rules.sending(exchange.request());
        exchange.sentAs(pending.sent().add(exchange));
        send(current, frame, exchange, exchange.flags());
    }

    /// Sends again, under their ids, what earlier connections left without an answer.
    void repeat(Link current) {
        for (Exchange<?> exchange : pending.sent().ascending()) {
            send(current, current.encode(exchange.request()), exchange, exchange.flags() | FrameHeader.REPEATED);
        }
    }

    private void send(Link current, Outbound frame, Exchange<?> exchange, int flags) {
        current.connection()
                .send(
                        frame,
                        exchange.request().type().code(),
                        flags,
                        exchange.id(),
                        incarnation,
                        pending.sent().acknowledged(),
                        millisLeft(exchange));
    }

    private int millisLeft(Exchange<?> exchange) {
        if (exchange.deadline() == Exchange.NO_DEADLINE) {
            return 0;
        }
        return Math.clamp((exchange.deadline() - time.now() + 999_999) / 1_000_000, 1, Integer.MAX_VALUE);
    }
}
