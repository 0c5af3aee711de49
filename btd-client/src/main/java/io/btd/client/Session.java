// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.BtdException.Unauthenticated;
import io.btd.api.transport.Connection.Outbound;
import io.btd.api.transport.Connection.Turn;
import io.btd.api.wire.Control;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.client.Exchange.Patience;
import io.btd.client.Time.Alarm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// This client's session with one node: it outlives connections. Gives requests their ids, sends them as the
/// window and the connection allow, sends again what a reconnect left unanswered, remembers what is held.
/// Thread-safe.
///
/// The lock guards everything but what is volatile. Nothing that waits, and nothing of the caller's but the bytes
/// to be sent, is touched under it; exchanges are settled after it was released.
final class Session implements Link.Owner {
    /// Requests that may wait for room, those of all callers together.
    static final int MAX_WAITING = 1 << 16;

    /// How long a request is put off that a busy node refused, in nanoseconds.
    private static final long REST = 10_000_000L;

    /// Refusals of the handshake after which the calls that wait learn that the node speaks another language.
    private static final int PROTOCOL_REFUSALS = 3;

    private final int node;
    private final Time time;
    private final Deadlines deadlines;
    private final Connector connector;
    private final Heartbeat heartbeat;
    private final ReentrantLock lock = new ReentrantLock();
    private final Outstanding outstanding = new Outstanding();
    private final Deque<Exchange<?>> urgent = new ArrayDeque<>();
    private final Deque<Exchange<?>> waiting = new ArrayDeque<>();
    private final List<Exchange<?>> resting = new ArrayList<>();
    private final Holdings holdings = new Holdings();
    private final LostBlocks lost = new LostBlocks();
    private final HoldingRules rules;
    private final LongAdder served = new LongAdder();

    private volatile @Nullable Link link;
    private volatile boolean open;
    private volatile boolean ended;
    private volatile long number;
    private volatile long available;
    private volatile @Nullable BtdException trouble;
    private volatile @Nullable CompletableFuture<Void> idle;
    private long incarnation;
    private int refusals;
    private @Nullable Alarm alarm;

    Session(int node, Surroundings surroundings, Deadlines deadlines) {
        this.node = node;
        this.deadlines = deadlines;
        time = surroundings.time();
        rules = new HoldingRules(node, holdings, lost);
        connector = new Connector(node, surroundings, this);
        heartbeat = new Heartbeat(node, time, this);
    }

    int node() {
        return node;
    }

    /// The session's number on the node, 0 while there is none.
    long number() {
        return number;
    }

    /// Bytes that were free when the node said so last; negative while it has not.
    long available() {
        return number == 0 ? -1 : available;
    }

    /// What went wrong with the node since it was last reached, if anything did.
    @Nullable
    BtdException trouble() {
        return trouble;
    }

    /// Calls that the node answered.
    long served() {
        return served.sum();
    }

    /// The transport of the connection, empty while there is none.
    String transport() {
        Link current = link;
        return current == null ? "" : current.connection().transport();
    }

    /// How many blocks are held.
    int held() {
        lock.lock();
        try {
            return holdings.count();
        } finally {
            lock.unlock();
        }
    }

    /// A block of this node was published by a call that another node answered.
    void published(long block) {
        lock.lock();
        try {
            holdings.remove(block);
        } finally {
            lock.unlock();
        }
    }

    // --- sending

    /// Takes a call on.
    void submit(Exchange<?> exchange) {
        Link current = link;
        Outbound frame = null;
        try {
            frame = current != null && open ? current.encode(exchange.request()) : null;
        } catch (RuntimeException unsendable) {
            exchange.fail(unsendable);
            return;
        }
        BtdException refused;
        lock.lock();
        try {
            if (frame != null && (link != current || !open || !waiting.isEmpty() || !mayCall())) {
                frame.discard();
                frame = null;
            }
            refused = refusal(exchange, frame == null);
            if (refused == null && frame != null) {
                sendFirst(exchange, frame);
            } else if (refused == null) {
                waiting.add(exchange);
                drain(); // the session may have opened since: nobody else would look
            } else if (frame != null) {
                frame.discard();
            }
        } finally {
            lock.unlock();
        }
        if (refused != null) {
            exchange.fail(refused);
            return;
        }
        if (frame == null) {
            connector.want();
        }
        if (exchange.deadline() != Exchange.NO_DEADLINE) {
            deadlines.watch(exchange.deadline());
        }
    }

    private @Nullable BtdException refusal(Exchange<?> exchange, boolean waits) {
        if (ended) {
            return Troubles.closed();
        }
        if (waits && waiting.size() >= MAX_WAITING) {
            return new Busy(
                    node, "too many calls wait: node=" + node + ", calls=" + MAX_WAITING, "wait for some to end");
        }
        return lostBlock(exchange);
    }

    private @Nullable BtdException lostBlock(Exchange<?> exchange) {
        try {
            lost.check(node, exchange.request());
            return null;
        } catch (SessionLost refused) {
            return refused;
        }
    }

    /// A request of the protocol itself: it goes before the calls that wait.
    private void urge(Request request) {
        urgent.add(internal(request));
    }

    private static Exchange<?> internal(Request request) {
        return new Exchange<>(request, 0, Exchange.NO_DEADLINE, Patience.INTERNAL, response -> response);
    }

    /// Sends PING, unless the session is busy declaring, which keeps it alive as well.
    void ping() {
        lock.lock();
        try {
            if (open) {
                urge(new Request.Ping());
                drain();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the connection if it is the current one; another takes its place.
    void drop(BtdException why) {
        Link current = link;
        if (current != null) {
            current.fail(why);
        }
    }

    /// Whether anything is on its way.
    boolean expects() {
        lock.lock();
        try {
            return !outstanding.isEmpty();
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
            return !outstanding.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// The caller's turn at the work of the connection, if there is one and it is to be had.
    @Nullable
    Turn turn() {
        Link current = link;
        return current != null && open ? current.connection().turn() : null;
    }

    private boolean mayCall() {
        Link current = link;
        return current != null
                && outstanding.hasRoomForCall()
                && current.connection().isWritable();
    }

    /// Sends what may be sent.
    private void drain() {
        Link current = link;
        if (current == null) {
            return;
        }
        while (!urgent.isEmpty() && outstanding.hasRoom(1)) {
            sendWaiting(current, urgent.remove());
        }
        while (open && urgent.isEmpty() && !waiting.isEmpty() && mayCall()) {
            sendWaiting(current, waiting.remove());
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
        } catch (BtdException refused) {
            settleLater(exchange, refused);
            return;
        } catch (RuntimeException refused) {
            settleLater(exchange, refused);
            return;
        }
        sendFirst(exchange, frame);
    }

    /// Under the lock nothing is settled: what the caller does then is not this session's.
    private void settleLater(Exchange<?> exchange, RuntimeException error) {
        time.start(() -> exchange.fail(error));
    }

    private void sendFirst(Exchange<?> exchange, Outbound frame) {
        rules.sending(exchange.request());
        exchange.sentAs(outstanding.add(exchange));
        send(exchange, frame, exchange.flags());
    }

    private void send(Exchange<?> exchange, Outbound frame, int flags) {
        Link current = link;
        if (current == null) {
            frame.discard();
            return;
        }
        current.connection()
                .send(
                        frame,
                        exchange.request().type().code(),
                        flags,
                        exchange.id(),
                        incarnation,
                        outstanding.acknowledged(),
                        millisLeft(exchange));
    }

    private int millisLeft(Exchange<?> exchange) {
        if (exchange.deadline() == Exchange.NO_DEADLINE) {
            return 0;
        }
        return Math.clamp((exchange.deadline() - time.now() + 999_999) / 1_000_000, 1, Integer.MAX_VALUE);
    }

    // --- the connection

    /// The membership has changed.
    void prompt() {
        connector.prompt();
    }

    /// Whether there is a reason to talk to the node.
    boolean wantsConnection() {
        lock.lock();
        try {
            return !ended && (number != 0 || !waiting.isEmpty() || !resting.isEmpty() || !outstanding.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void welcomed(Link greeted, Control.Welcome welcome) {
        if (!connector.greeted(greeted)) {
            greeted.close();
            return;
        }
        List<Exchange<?>> unknown = new ArrayList<>();
        lock.lock();
        try {
            link = greeted;
            trouble = null;
            refusals = 0;
            available = welcome.available();
            boolean sameLife = welcome.session() == number && welcome.incarnation() == incarnation;
            if (!sameLife) {
                if (welcome.session() != number) {
                    holdings.loseAll(lost::add);
                }
                unknown = endLife();
                outstanding.restart(welcome.nextRequestId(), welcome.window());
            } else {
                forgetUnwanted(welcome.declare());
                outstanding.resume(welcome.nextRequestId(), welcome.window());
            }
            number = welcome.session();
            incarnation = welcome.incarnation();
            open = !welcome.declare();
            heartbeat.begin(greeted, welcome.leaseMillis()); // before anything is answered that shows it is open
            repeat(greeted);
            if (welcome.declare()) {
                declare();
            }
            drain();
        } finally {
            lock.unlock();
        }
        unknown.forEach(exchange -> exchange.fail(Troubles.unknown(node, exchange)));
        tellIfIdle();
    }

    /// The node's life or the session in which requests were sent is over: what does not mutate is sent anew, of
    /// the rest nobody knows.
    private List<Exchange<?>> endLife() {
        List<Exchange<?>> unknown = new ArrayList<>();
        List<Exchange<?>> anew = new ArrayList<>();
        for (Exchange<?> exchange : outstanding.ascending()) {
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
        holdings.settleLeaving();
        urgent.clear();
        for (Exchange<?> exchange : anew.reversed()) {
            waiting.addFirst(exchange);
        }
        return unknown;
    }

    /// Of what was sent, some is not sent again: what nobody waits for and either has no effect or has bytes of a
    /// caller
    /// who has gone; and parts of a declaration that begins anew.
    private void forgetUnwanted(boolean declaring) {
        for (Exchange<?> exchange : outstanding.ascending()) {
            Request request = exchange.request();
            boolean gone = exchange.isClaimed() && (!request.mutates() || CallerBytes.in(request));
            boolean void_ = declaring && request instanceof Request.Declare || request instanceof Request.Ping;
            if (gone || void_) {
                outstanding.remove(exchange);
            }
        }
        urgent.removeIf(exchange -> exchange.request() instanceof Request.Ping
                || declaring && exchange.request() instanceof Request.Declare);
    }

    private void repeat(Link greeted) {
        for (Exchange<?> exchange : outstanding.ascending()) {
            send(exchange, greeted.encode(exchange.request()), exchange.flags() | FrameHeader.REPEATED);
        }
    }

    /// Says what is held, before anything else.
    private void declare() {
        long[] held = holdings.declared();
        int from = 0;
        do {
            int to = Math.min(held.length, from + Request.MAX_POINTERS);
            urge(new Request.Declare(Arrays.copyOfRange(held, from, to), to == held.length));
            from = to;
        } while (from < held.length);
    }

    @Override
    public void writable(Link from) {
        lock.lock();
        try {
            if (from == link) {
                drain();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed(Link from, boolean welcomed, BtdException why) {
        boolean lapsed = !welcomed && why instanceof SessionLost && number != 0;
        List<Exchange<?>> unknown = new ArrayList<>();
        lock.lock();
        try {
            if (from == link) {
                link = null;
                open = false;
                heartbeat.end();
            }
            if (lapsed) {
                number = 0;
                holdings.loseAll(lost::add);
                unknown = endLife();
                outstanding.restart(1, 1); // until the next WELCOME says more
            }
        } finally {
            lock.unlock();
        }
        unknown.forEach(exchange -> exchange.fail(Troubles.unknown(node, exchange)));
        connector.failed(from, why, lapsed);
        tellIfIdle();
    }

    /// The node cannot be reached just now: ends the calls that do not want to wait, and all that were not sent
    /// if it is not a matter of time. Says whether to try again.
    boolean unreachable(BtdException why) {
        List<Exchange<?>> failed = new ArrayList<>();
        lock.lock();
        try {
            trouble = why;
            refusals = why instanceof Protocol ? refusals + 1 : 0;
            boolean hopeless = why instanceof Unauthenticated || refusals >= PROTOCOL_REFUSALS;
            if (!(why instanceof SessionLost)) {
                waiting.removeIf(
                        exchange -> (hopeless || exchange.patience() == Patience.LEAVES) && failed.add(exchange));
                // A malloc that was sent goes elsewhere as well: if there is an answer one day, its blocks are freed.
                outstanding.ascending().stream()
                        .filter(exchange -> exchange.patience() == Patience.LEAVES)
                        .forEach(failed::add);
            }
        } finally {
            lock.unlock();
        }
        failed.forEach(exchange -> exchange.fail(Troubles.down(node, exchange, why)));
        tellIfIdle();
        return wantsConnection();
    }

    // --- answers

    @Override
    public void answered(Link from, long id, MessageType type, Response response) {
        heartbeat.heard();
        Exchange<?> exchange;
        boolean mine = false;
        lock.lock();
        try {
            exchange = from == link ? outstanding.get(id) : null;
            if (exchange == null) {
                return; // nobody waits for it any more
            }
            if (type != MessageType.FAILED && type != exchange.request().type()) {
                throw new Protocol(
                        node,
                        "answer to another call: type=" + type + ", call="
                                + exchange.request().type(),
                        "use a matching version");
            }
            outstanding.remove(exchange);
            if (isPutOff(exchange, response)) {
                rules.answered(exchange.request(), response);
                exchange.unsent();
                rest(exchange);
                return;
            }
            mine = exchange.claim();
            remember(exchange, response, mine);
            drain();
        } finally {
            lock.unlock();
        }
        if (mine) {
            if (exchange.patience() != Patience.INTERNAL) {
                served.increment();
            }
            settle(exchange, response);
        }
        tellIfIdle();
    }

    private static void settle(Exchange<?> exchange, Response response) {
        if (response instanceof Response.Failed(BtdException error)) {
            exchange.settle(error);
        } else {
            exchange.settle(response);
        }
    }

    private static boolean isPutOff(Exchange<?> exchange, Response response) {
        return response instanceof Response.Failed(BtdException error)
                && error instanceof Busy
                && exchange.patience() == Patience.WAITS
                && !exchange.isClaimed();
    }

    private void remember(Exchange<?> exchange, Response response, boolean mine) {
        Request request = exchange.request();
        rules.answered(request, response);
        if (!mine) {
            List<Long> orphans = new ArrayList<>();
            HoldingRules.orphans(request, response, orphans::add);
            orphans.forEach(holdings::remove);
            long[] blocks = orphans.stream().mapToLong(Long::longValue).toArray();
            if (blocks.length > 0) {
                urge(new Request.Free(blocks));
            }
        }
        switch (response) {
            case Response.Load load -> available = load.available();
            case Response.Done _ when request instanceof Request.Close -> number = 0;
            case Response.Pointers _ when request instanceof Request.Declare declare && declare.last() -> open = true;
            case Response.Failed(BtdException error) when request instanceof Request.Declare -> drop(error);
            default -> {
                // changes nothing here
            }
        }
    }

    private void rest(Exchange<?> exchange) {
        resting.add(exchange);
        if (alarm == null) {
            alarm = time.after(REST, this::rested);
        }
    }

    private void rested() {
        lock.lock();
        try {
            alarm = null;
            waiting.addAll(resting);
            resting.clear();
            drain();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void noticed(Link from, long[] blocks) {
        heartbeat.heard();
        lock.lock();
        try {
            if (from != link) {
                return;
            }
            for (int at = 0; at < blocks.length; at += Request.MAX_POINTERS) {
                long[] some = Arrays.copyOfRange(blocks, at, Math.min(blocks.length, at + Request.MAX_POINTERS));
                for (long block : some) {
                    holdings.remove(block);
                }
                urge(new Request.Released(some));
            }
            drain();
        } finally {
            lock.unlock();
        }
    }

    // --- ends

    /// Ends the calls whose time is up.
    ///
    /// @return the earliest deadline of the others, [Exchange#NO_DEADLINE] when there is none
    long expire(long now) {
        List<Exchange<?>> late = new ArrayList<>();
        List<BtdException> errors = new ArrayList<>();
        long earliest = Exchange.NO_DEADLINE;
        lock.lock();
        try {
            for (Collection<Exchange<?>> some : List.of(outstanding.ascending(), waiting, resting)) {
                for (Iterator<Exchange<?>> each = some.iterator(); each.hasNext(); ) {
                    Exchange<?> exchange = each.next();
                    if (exchange.deadline() == Exchange.NO_DEADLINE || exchange.isClaimed()) {
                        continue;
                    }
                    if (exchange.deadline() - now > 0) {
                        earliest = Math.min(earliest, exchange.deadline());
                    } else if (exchange.claim()) {
                        late.add(exchange);
                        errors.add(Troubles.late(node, exchange, open, trouble));
                        if (!exchange.sent()) {
                            each.remove();
                        }
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < late.size(); i++) {
            late.get(i).settle(errors.get(i));
        }
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

    private void tellIfIdle() {
        CompletableFuture<Void> told = idle;
        if (told != null && isIdle()) {
            told.complete(null);
        }
    }

    private boolean isIdle() {
        lock.lock();
        try {
            return Stream.of(waiting, resting, outstanding.ascending())
                    .flatMap(Collection::stream)
                    .allMatch(exchange -> exchange.isClaimed() || exchange.patience() == Patience.INTERNAL);
        } finally {
            lock.unlock();
        }
    }

    /// Ends everything: calls that have no answer yet end with `CLOSED`.
    void end() {
        List<Exchange<?>> rest = new ArrayList<>();
        lock.lock();
        try {
            ended = true;
            rest.addAll(outstanding.ascending());
            rest.addAll(waiting);
            rest.addAll(resting);
            waiting.clear();
            resting.clear();
            heartbeat.end();
        } finally {
            lock.unlock();
        }
        connector.close();
        rest.forEach(exchange -> exchange.fail(Troubles.closed()));
    }
}
