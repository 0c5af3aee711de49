// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.BtdException.Unauthenticated;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.Macs;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Requests;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import io.btd.membership.Host;
import io.btd.membership.Member;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A node as wire.md describes it, on one machine and without persistence, that a test can make misbehave. It
/// notes every breach of the protocol by the client in [#violations]. Its monitor guards everything.
final class FakeNode {
    final int node;
    final FakeMemory memory;
    final List<String> violations = new ArrayList<>();
    final LinkedBlockingQueue<Request> seen = new LinkedBlockingQueue<>();
    final List<long[]> declared = new ArrayList<>();
    final List<Long> released = new ArrayList<>();
    int handshakes;
    int answeredFromMemory;
    int window = 64;
    int lease = 30_000;

    @Nullable
    String secret;

    boolean ignoresHello;

    private final LoopNetwork network;
    private final FakeMembership membership;
    private final Endpoint endpoint;
    private final UUID arena = UUID.randomUUID();
    private final Map<Long, Life> sessions = new HashMap<>();
    private final Deque<Function<Request, Fate>> script = new ArrayDeque<>();
    private final List<Runnable> held = new ArrayList<>();
    private @Nullable Talk talk;
    private long incarnation = 1;
    private long nextSession = 1;
    private String host = Host.here();

    /// What happens to a request.
    enum Fate {
        /// It is made and answered.
        ANSWER,
        /// The connection breaks before it is made.
        DROP_BEFORE,
        /// It is made, and the connection breaks before the answer.
        DROP_AFTER,
        /// It is made, and the answer waits for [#letGo].
        HOLD,
        /// It is never made nor answered on this connection.
        IGNORE,
        /// The node dies before it is made.
        DIE_BEFORE,
        /// The node dies after it was made.
        DIE_AFTER,
        /// It is refused with BUSY.
        BUSY,
        /// It is refused with RECOVERING.
        RECOVERING
    }

    /// What the node knows of a session.
    private static final class Life {
        private final long high;
        private final long low;
        private final TreeMap<Long, Response> replies = new TreeMap<>();
        private long acknowledged;
        private long highest;
        private boolean undeclared;

        private Life(long high, long low) {
            this.high = high;
            this.low = low;
        }
    }

    FakeNode(int node, int capacity, LoopNetwork network, FakeMembership membership) {
        this.node = node;
        this.network = network;
        this.membership = membership;
        memory = new FakeMemory(node, capacity);
        endpoint = new Endpoint("loop", "node-" + node);
    }

    /// Comes up and says so.
    synchronized FakeNode up() {
        network.listen(endpoint.address(), Talk::new);
        announce(true);
        return this;
    }

    FakeNode elsewhere() {
        host = "elsewhere";
        return this;
    }

    /// The membership learns that the node lives, or not.
    void announce(boolean live) {
        membership.put(new Member(
                node,
                arena,
                host,
                1,
                live ? List.of(endpoint) : List.of(),
                incarnation,
                1 << 20,
                memory.available(),
                live));
    }

    /// The next requests for which the function does not say ANSWER meet what it says.
    synchronized void next(Function<Request, Fate> fate) {
        script.add(fate);
    }

    /// The next request of this type meets its fate.
    void next(MessageType type, Fate fate) {
        next(request -> request.type() == type ? fate : Fate.ANSWER);
    }

    /// Sends the answers that were held, the last one first.
    synchronized void letGo() {
        held.reversed().forEach(Runnable::run);
        held.clear();
    }

    /// Sends a part of a frame, no more.
    void sendPart() throws InterruptedException {
        Talk current;
        synchronized (this) {
            current = talk;
        }
        if (current != null && current.connection instanceof LoopNetwork.End end) {
            end.sendPart();
        }
    }

    /// Breaks the connection.
    synchronized void drop() {
        Talk current = talk;
        if (current != null) {
            current.connection.close();
        }
    }

    /// Stops taking connections, and breaks the one there is.
    synchronized void down() {
        network.refuse(endpoint);
        drop();
        talk = null;
    }

    /// A new life: answers are forgotten, sessions have to declare.
    synchronized void restart() {
        down();
        incarnation++;
        sessions.values().forEach(life -> {
            life.replies.clear();
            life.acknowledged = 0;
            life.highest = 0;
            life.undeclared = true;
        });
        held.clear();
        up();
    }

    /// Every session's lease runs out.
    synchronized void lapse() {
        sessions.clear();
        drop();
    }

    /// Tells the session that others freed blocks.
    synchronized void notice(long... blocks) {
        Talk current = talk;
        if (current != null) {
            current.say(new Control.Notice(blocks));
        }
    }

    synchronized int sessions() {
        return sessions.size();
    }

    /// How often a client opened or resumed a session.
    synchronized int handshakes() {
        return handshakes;
    }

    /// One connection.
    private final class Talk implements FrameHandler {
        private final Connection connection;
        private Control.@Nullable Hello hello;
        private @Nullable Life life;
        private long repeated;
        private final byte[] nonce = new byte[Controls.NONCE];

        private Talk(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void frame(Inbound frame) {
            synchronized (FakeNode.this) {
                FrameHeader header = frame.header();
                if (header.requestId() != 0) {
                    request(header, frame.payload());
                    return;
                }
                switch (Controls.decode(header.type(), frame.payload())) {
                    case Control.Hello said -> {
                        handshakes++;
                        hello = said;
                        if (!ignoresHello) {
                            if (secret != null) {
                                say(new Control.Challenge(nonce));
                            } else {
                                welcome(said, new byte[0]);
                            }
                        }
                    }
                    case Control.Proof proof -> proven(proof);
                    case Control.Goodbye goodbye ->
                        violations.add(
                                "client said goodbye: " + goodbye.reason().getMessage());
                    case Control other -> violations.add("out of turn: " + other);
                }
            }
        }

        private void proven(Control.Proof proof) {
            Control.Hello said = hello;
            String known = secret;
            if (said == null || known == null || !Macs.same(Macs.client(known, said, nonce), proof.mac())) {
                goodbye(new Unauthenticated(node, "wrong secret", "use the right one"));
                return;
            }
            welcome(said, new byte[Macs.BYTES]);
        }

        private void welcome(Control.Hello said, byte[] mac) {
            long number = said.session();
            Life known = sessions.get(number);
            if (number != 0 && (known == null || known.high != said.clientHigh() || known.low != said.clientLow())) {
                goodbye(new SessionLost(node, "no such session", "open a new one"));
                return;
            }
            boolean resumed = known != null;
            if (known == null) {
                number = nextSession++;
                known = new Life(said.clientHigh(), said.clientLow());
                sessions.put(number, known);
            }
            Talk former = talk;
            if (former != null) {
                former.connection.close();
            }
            talk = this;
            life = known;
            byte[] proof = mac.length == 0 || secret == null ? mac : Macs.node(secret, said, nonce, number);
            say(new Control.Welcome(
                    1,
                    0,
                    node,
                    number,
                    incarnation,
                    resumed,
                    known.undeclared,
                    lease,
                    window,
                    known.highest + 1,
                    memory.available(),
                    1 << 20,
                    proof));
        }

        private void goodbye(BtdException why) {
            say(new Control.Goodbye(why));
            connection.close();
        }

        private void request(FrameHeader header, MemorySegment payload) {
            Life session = life;
            if (session == null || talk != this) {
                return;
            }
            long id = header.requestId();
            if (header.incarnation() != incarnation) {
                violations.add("wrong incarnation: id=" + id);
                goodbye(new Protocol(node, "wrong incarnation", "look again"));
                return;
            }
            Request request = Requests.decode(header.type(), payload);
            boolean again = (header.flags() & FrameHeader.REPEATED) != 0;
            session.acknowledged = Math.max(session.acknowledged, header.acknowledged());
            session.replies.headMap(session.acknowledged, true).clear();
            if (id <= session.acknowledged) {
                violations.add("request was acknowledged: id=" + id);
                return;
            }
            if (id > session.acknowledged + window) {
                violations.add("outside of the window: id=" + id + ", acknowledged=" + session.acknowledged);
            }
            if (session.undeclared && !(request instanceof Request.Declare)) {
                violations.add("request before the declaration: " + request.type());
            }
            if (again && id <= repeated) {
                violations.add("repeated out of order: id=" + id);
            }
            if (!again && id <= session.highest) {
                violations.add("id used twice: id=" + id);
            }
            repeated = again ? id : Long.MAX_VALUE;
            session.highest = Math.max(session.highest, id);
            Response remembered = session.replies.get(id);
            if (remembered != null) {
                answeredFromMemory++;
                answer(id, request.type(), remembered);
                return;
            }
            seen.add(request);
            meet(session, id, request, (header.flags() & FrameHeader.EXPORTED) != 0);
        }

        private void meet(Life session, long id, Request request, boolean exported) {
            Fate fate = Fate.ANSWER;
            Function<Request, Fate> first = script.peek();
            if (first != null) {
                fate = first.apply(request);
                if (fate != Fate.ANSWER) {
                    script.remove();
                }
            }
            switch (fate) {
                case ANSWER -> answer(id, request.type(), make(session, id, request, exported));
                case DROP_BEFORE -> connection.close();
                case DROP_AFTER -> {
                    make(session, id, request, exported);
                    connection.close();
                }
                case HOLD -> {
                    Response response = make(session, id, request, exported);
                    held.add(() -> answer(id, request.type(), response));
                }
                case IGNORE -> {
                    // as if it were lost
                }
                case DIE_BEFORE -> restart();
                case DIE_AFTER -> {
                    make(session, id, request, exported);
                    restart();
                }
                case BUSY ->
                    answer(id, request.type(), new Response.Failed(new BtdException.Busy(node, "busy", "wait")));
                case RECOVERING ->
                    answer(
                            id,
                            request.type(),
                            new Response.Failed(new BtdException.Recovering(node, "recovering", "wait")));
            }
        }

        private Response make(Life session, long id, Request request, boolean exported) {
            Response response = memory.make(request, exported);
            if (request instanceof Request.Declare declare) {
                declared.add(declare.blocks());
                session.undeclared = session.undeclared && !declare.last();
            }
            if (request instanceof Request.Released now) {
                for (long block : now.blocks()) {
                    released.add(block);
                }
            }
            if (request instanceof Request.Close) {
                sessions.values().remove(session);
            }
            if (request.mutates()) {
                session.replies.put(id, response);
            }
            return response;
        }

        private void answer(long id, MessageType type, Response response) {
            Connection.Outbound frame = connection.allocate(Responses.payloadBytes(response));
            Responses.encode(response, frame.payload());
            connection.send(frame, Responses.frameType(type, response), 0, id, incarnation, 0, 0);
        }

        private void say(Control control) {
            Connection.Outbound frame = connection.allocate(Controls.payloadBytes(control));
            Controls.encode(control, frame.payload());
            connection.send(frame, control.type().code(), 0, 0, incarnation, 0, 0);
        }

        @Override
        public void closed(BtdException why) {
            synchronized (FakeNode.this) {
                if (talk == this) {
                    talk = null;
                }
            }
        }
    }
}
