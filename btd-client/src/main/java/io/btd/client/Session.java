// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.BtdException.Unauthenticated;
import io.btd.api.transport.Connection.Outbound;
import io.btd.api.transport.Connection.Turn;
import io.btd.api.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// This client's session with one node: it outlives connections. Takes calls on, and ends those that get no answer;
/// what connections bring is [Conversation]'s. Thread-safe; [Guarded] says how.
final class Session {
    /// Refusals of the handshake after which the calls that wait learn that the node speaks another language.
    private static final int PROTOCOL_REFUSALS = 3;

    private final int node;
    private final Time time;
    private final Deadlines deadlines;
    private final Guarded state;
    private final ReentrantLock lock;
    private final Pending pending;
    private final Sender sender;
    private final Life life;
    private final Conversation conversation;
    private final Connector connector;

    private volatile @Nullable BtdException trouble;
    private volatile @Nullable CompletableFuture<Void> idle;
    private boolean ended;
    private int refusals;

    Session(int node, Surroundings surroundings, Deadlines deadlines) {
        this.node = node;
        this.deadlines = deadlines;
        time = surroundings.time();
        state = new Guarded(node, time, this::unsendable);
        lock = state.lock();
        pending = state.pending();
        sender = state.sender();
        life = state.life();
        conversation = new Conversation(this, surroundings, state);
        connector = conversation.connector();
    }

    int node() {
        return node;
    }

    /// The session's number on the node, 0 while there is none.
    long number() {
        return life.number();
    }

    /// Bytes that were free when the node said so last; negative while it has not.
    long available() {
        return life.available();
    }

    /// What went wrong with the node since it was last reached, if anything did.
    @Nullable
    BtdException trouble() {
        return trouble;
    }

    /// Calls that the node answered.
    long served() {
        return conversation.served();
    }

    /// The transport of the connection, empty while there is none.
    String transport() {
        Link current = sender.link();
        return current == null ? "" : current.connection().transport();
    }

    /// How many blocks are held.
    int held() {
        lock.lock();
        try {
            return life.held();
        } finally {
            lock.unlock();
        }
    }

    /// A block of this node was published by a call that another node answered.
    void published(long block) {
        lock.lock();
        try {
            life.published(block);
        } finally {
            lock.unlock();
        }
    }

    // --- calls

    /// Takes a call on. It is encoded before the lock is taken, for the connection there is then; if it cannot go on
    /// that at once, it is encoded again when its turn comes.
    void submit(Exchange<?> call) {
        Link current = sender.link();
        Outbound frame;
        try {
            frame = current != null && sender.isOpen() ? current.encode(call.request()) : null;
        } catch (RuntimeException unsendable) {
            call.fail(unsendable);
            return;
        }
        BtdException refused;
        boolean sent = false;
        state.enter();
        try {
            boolean waits = current == null || frame == null || !sender.takes(current);
            refused = refusal(call, waits);
            if (refused == null && current != null && frame != null && !waits) {
                sender.send(current, call, frame);
                sent = true;
            } else if (refused == null) {
                pending.enqueue(call);
                sender.drain(); // the session may have opened since: nobody else would look
            }
        } finally {
            lock.unlock();
        }
        if (frame != null && !sent) {
            frame.discard();
        }
        if (refused != null) {
            call.fail(refused);
            return;
        }
        if (!sent) {
            connector.want();
        }
        if (call.deadline() != Exchange.NO_DEADLINE) {
            deadlines.watch(call.deadline());
        }
    }

    private @Nullable BtdException refusal(Exchange<?> call, boolean waits) {
        if (ended) {
            return Troubles.closed();
        }
        if (waits && pending.isFull()) {
            return new Busy(
                    node,
                    "too many calls wait: node=" + node + ", calls=" + Pending.MAX_WAITING,
                    "wait for some to end");
        }
        return sender.lostBlock(call);
    }

    /// A call that waited could not be sent. The lock is held, so somebody else settles it.
    private void unsendable(Exchange<?> call, RuntimeException error) {
        time.start(() -> {
            call.fail(error);
            tellIfIdle();
        });
    }

    /// The caller's turn at the work of the connection, if there is one and it is to be had.
    @Nullable
    Turn turn() {
        Link current = sender.link();
        return current != null && sender.isOpen() ? current.connection().turn() : null;
    }

    /// Sends PING, unless the session is busy declaring, which keeps it alive as well.
    void ping() {
        lock.lock();
        try {
            if (sender.isOpen()) {
                pending.urge(new Request.Ping());
                sender.drain();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether anything is on its way.
    boolean expects() {
        lock.lock();
        try {
            return !pending.sent().isEmpty();
        } finally {
            lock.unlock();
        }
    }

    // --- the node's reach

    /// The membership has changed.
    void prompt() {
        connector.prompt();
    }

    /// Whether there is a reason to talk to the node.
    boolean wantsConnection() {
        lock.lock();
        try {
            return !ended && (life.number() != 0 || !pending.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /// The node was reached; the lock is held.
    void reached() {
        trouble = null;
        refusals = 0;
    }

    /// The node cannot be reached just now: ends the calls that do not want to wait, and all that were not sent
    /// if it is not a matter of time. Says whether to try again.
    ///
    /// @param broken whether a connection ended that was open
    boolean unreachable(BtdException why, boolean broken) {
        List<Exchange<?>> leaving = List.of();
        lock.lock();
        try {
            trouble = why;
            refusals = why instanceof Protocol ? refusals + 1 : 0;
            if (!(why instanceof SessionLost)) {
                leaving = pending.leave(why instanceof Unauthenticated || refusals >= PROTOCOL_REFUSALS, broken);
            }
        } finally {
            lock.unlock();
        }
        leaving.forEach(call -> call.fail(Troubles.down(node, call, why)));
        tellIfIdle();
        return wantsConnection();
    }

    // --- ends

    /// Ends the calls whose time is up.
    ///
    /// @return the earliest deadline of the others, [Exchange#NO_DEADLINE] when there is none
    long expire(long now) {
        List<Runnable> ends = new ArrayList<>();
        long earliest;
        lock.lock();
        try {
            earliest = pending.expire(now, late -> {
                BtdException error = Troubles.late(node, late, sender.isOpen(), trouble);
                ends.add(() -> late.settle(error));
            });
        } finally {
            lock.unlock();
        }
        ends.forEach(Runnable::run);
        tellIfIdle();
        return earliest;
    }

    /// Completes when no call waits or is on its way; asked for once, when the client closes.
    CompletableFuture<Void> whenIdle() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        idle = told;
        tellIfIdle();
        return told;
    }

    /// After a call ended, by whatever: tells who waits for the last.
    void tellIfIdle() {
        CompletableFuture<Void> told = idle;
        if (told != null && isIdle()) {
            told.complete(Answers.nothing());
        }
    }

    private boolean isIdle() {
        lock.lock();
        try {
            return pending.isIdle();
        } finally {
            lock.unlock();
        }
    }

    /// Ends everything: calls that have no answer yet end with `CLOSED`.
    void end() {
        List<Exchange<?>> rest;
        lock.lock();
        try {
            ended = true;
            rest = pending.end();
            conversation.silence();
        } finally {
            lock.unlock();
        }
        connector.close();
        rest.forEach(exchange -> exchange.fail(Troubles.closed()));
    }
}
