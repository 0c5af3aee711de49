// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.wire.Control;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.client.Exchange.Patience;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// What the connections of one session bring: their beginning and end, answers, notices. Thread-safe; see [Guarded].
final class Conversation implements Link.Owner {
    /// How long a request is put off that a busy node refused, in nanoseconds.
    private static final long REST = 10_000_000L;

    private final int node;
    private final Time time;
    private final Session session;
    private final Guarded state;
    private final ReentrantLock lock;
    private final Pending pending;
    private final Sender sender;
    private final Life life;
    private final Connector connector;
    private final Heartbeat heartbeat;
    private final LongAdder served = new LongAdder();

    /// Whether an alarm is set that wakes what rests.
    private boolean waking;

    Conversation(Session session, Surroundings surroundings, Guarded state) {
        node = session.node();
        time = surroundings.time();
        this.session = session;
        this.state = state;
        lock = state.lock();
        pending = state.pending();
        sender = state.sender();
        life = state.life();
        connector = new Connector(session, surroundings, this);
        heartbeat = new Heartbeat(node, time, session);
    }

    /// Keeps a connection while the session wants one.
    Connector connector() {
        return connector;
    }

    /// Calls that the node answered.
    long served() {
        return served.sum();
    }

    /// The session has ended, or its connection.
    void silence() {
        heartbeat.end();
    }

    // --- the connection

    @Override
    public void welcomed(Link greeted, Control.Welcome welcome) {
        if (!connector.greeted(greeted)) {
            greeted.close();
            return;
        }
        List<Exchange<?>> unknown;
        lock.lock();
        try {
            session.reached();
            unknown = life.welcomed(welcome);
            sender.connect(greeted, welcome.incarnation(), !welcome.declare());
            heartbeat.begin(greeted, welcome.leaseMillis()); // before anything is answered that shows it is open
            sender.repeat(greeted);
            if (welcome.declare()) {
                life.declare();
            }
            sender.drain();
        } finally {
            lock.unlock();
        }
        unknown.forEach(exchange -> exchange.fail(Troubles.unknown(node, exchange)));
        session.tellIfIdle();
    }

    @Override
    public void closed(Link from, boolean welcomed, BtdException why) {
        boolean lapsed = false;
        List<Exchange<?>> unknown = List.of();
        lock.lock();
        try {
            if (from == sender.link()) {
                sender.disconnect();
                silence();
            }
            if (!welcomed && why instanceof SessionLost && life.number() != 0) {
                lapsed = true;
                unknown = life.lapsed();
            }
        } finally {
            lock.unlock();
        }
        unknown.forEach(exchange -> exchange.fail(Troubles.unknown(node, exchange)));
        connector.failed(from, why, lapsed);
        session.tellIfIdle();
    }

    @Override
    public void writable(Link from) {
        lock.lock();
        try {
            if (from == sender.link()) {
                sender.drain();
            }
        } finally {
            lock.unlock();
        }
    }

    /// While the lock is taken somebody sends, or has just received.
    @Override
    public boolean expectsAnswers() {
        if (!lock.tryLock()) {
            return true;
        }
        try {
            return !pending.sent().isEmpty();
        } finally {
            lock.unlock();
        }
    }

    // --- answers

    @Override
    public void arriving(Link from) {
        heartbeat.heard();
    }

    @Override
    public void answered(Link from, long id, MessageType type, Response response) {
        heartbeat.heard();
        Exchange<?> exchange;
        boolean wanted;
        state.enter();
        try {
            exchange = from == sender.link() ? pending.sent().get(id) : null;
            if (exchange == null) {
                return; // nobody waits for it any more
            }
            Request request = exchange.request();
            if (type != MessageType.FAILED && type != request.type()) {
                throw new Protocol(
                        node,
                        "answer to another call: type=" + type + ", call=" + request.type(),
                        "use a matching version");
            }
            pending.sent().remove(exchange);
            if (isPutOff(exchange, response)) {
                life.answered(request, response, true);
                rest(exchange);
                return;
            }
            wanted = exchange.claim();
            life.answered(request, response, wanted);
            sender.drain();
        } finally {
            lock.unlock();
        }
        if (wanted) {
            settle(from, exchange, response);
        }
        session.tellIfIdle();
    }

    private void settle(Link from, Exchange<?> exchange, Response response) {
        if (exchange.patience() != Patience.INTERNAL) {
            served.increment();
        }
        if (!(response instanceof Response.Failed(BtdException error))) {
            exchange.settle(response);
            return;
        }
        if (exchange.request() instanceof Request.Declare) {
            from.fail(error); // it cannot be opened; another connection declares anew
        }
        exchange.settle(error);
    }

    private static boolean isPutOff(Exchange<?> exchange, Response response) {
        return response instanceof Response.Failed(BtdException error)
                && error instanceof Busy
                && exchange.patience() == Patience.WAITS
                && !exchange.isClaimed();
    }

    private void rest(Exchange<?> call) {
        pending.rest(call);
        if (!waking) {
            waking = true;
            time.after(REST, this::wake);
        }
    }

    private void wake() {
        lock.lock();
        try {
            waking = false;
            pending.wake();
            sender.drain();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void noticed(Link from, long[] blocks) {
        heartbeat.heard();
        lock.lock();
        try {
            if (from == sender.link()) {
                life.noticed(blocks);
                sender.drain();
            }
        } finally {
            lock.unlock();
        }
    }
}
