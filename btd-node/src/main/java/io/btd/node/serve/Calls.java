// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Deadline;
import io.btd.api.BtdException.Protocol;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Connection.Outbound;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler.Inbound;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Requests;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import io.btd.node.session.NodeSession;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The requests of one connection: each is let in by its session once, made by this thread or a worker, and answered.
/// Frames come on the connection's thread.
final class Calls {
    private final Service service;
    private final Connection connection;
    private final ServedConnection link;
    private final RequestHandler handler;
    private final ContentRequests contents;
    private final AtomicInteger elsewhere = new AtomicInteger();
    /// Used by the connection's thread only.
    private final Queue<Runnable> deferred = new ArrayDeque<>();

    private boolean closing;

    Calls(Service service, Connection connection, ServedConnection link, Supplier<Endpoint> endpoint) {
        this.service = service;
        this.connection = connection;
        this.link = link;
        handler = new RequestHandler(
                service.arena().arena(),
                service::load,
                () -> new Response.State(
                        service.stat(endpoint.get()), service.arena().recovery()));
        contents = new ContentRequests(service.arena().arena());
    }

    /// A request that was let in.
    ///
    /// @param expires when it is too late to begin, on the clock of [System#nanoTime]; `Long.MAX_VALUE` for never
    private record Call(NodeSession session, FrameHeader header, MessageType type, Request request, long expires) {}

    /// Takes a frame of the session.
    ///
    /// @throws BtdException saying why the connection ends
    void frame(Inbound frame, NodeSession session) {
        FrameHeader header = frame.header();
        long now = System.nanoTime();
        session.heard(now);
        if (header.incarnation() != service.incarnation()) {
            throw protocol(
                    "request for another life of the node: incarnation=" + service.incarnation() + ", asked="
                            + header.incarnation(),
                    "resume the session");
        }
        MessageType type = requestType(header);
        if (closing) {
            return;
        }
        Request request;
        try {
            request = Requests.decode(header.type(), frame.payload());
        } catch (Protocol malformed) {
            if (admit(session, header, type, false, 0)) {
                link.answer(type, header.requestId(), new Response.Failed(malformed));
                session.done();
            }
            return;
        }
        if (request instanceof Request.Close) {
            close(session, header);
        } else if (admit(session, header, type, request.mutates(), Weight.answerBytes(request))) {
            long left = TimeUnit.MILLISECONDS.toNanos(header.deadlineMillis());
            start(frame, new Call(session, header, type, request, left == 0 ? Long.MAX_VALUE : now + left));
        }
    }

    private MessageType requestType(FrameHeader header) {
        MessageType type = MessageType.of(header.type());
        if (MessageType.isResponse(header.type()) || type.code() < MessageType.PING.code()) {
            throw protocol("not a request: type=" + header.type(), "send requests once the session is open");
        }
        return type;
    }

    private Protocol protocol(String what, String hint) {
        return new Protocol(service.node(), what, hint);
    }

    private boolean admit(NodeSession session, FrameHeader header, MessageType type, boolean mutates, long charge) {
        long id = header.requestId();
        return switch (session.admit(
                link,
                type,
                id,
                header.acknowledged(),
                mutates,
                charge,
                service.sessions().holdings())) {
            case MAKE -> true;
            case LEAVE -> false;
            case CROWDED -> {
                link.answer(
                        type,
                        id,
                        new Response.Failed(new Busy(
                                service.node(),
                                "too many answers wait to be acknowledged: id=" + id,
                                "acknowledge some, then try again")));
                yield false;
            }
            case BEYOND ->
                throw protocol(
                        "request number out of the window: id=" + id + ", acknowledged=" + header.acknowledged()
                                + ", window=" + service.terms().window(),
                        "acknowledge answers first");
            case GONE -> throw service.sessions().lost(session.record().id());
        };
    }

    /// Ends the session; it is answered when that is durable, and nothing else is from now on.
    private void close(NodeSession session, FrameHeader header) {
        closing = true;
        var _ = service.sessions().end(session, Optional.empty()).thenRun(() -> {
            link.answer(MessageType.CLOSE, header.requestId(), new Response.Done());
            link.end();
        });
    }

    private void start(Inbound frame, Call call) {
        if (call.request() instanceof Request.Declare) {
            elsewhere(frame, call, call.session().declarations());
        } else if (Weight.isHeavy(call.request(), service.storesBlock())) {
            elsewhere(frame, call, service.workers());
        } else {
            make(call);
        }
    }

    /// Makes the request on another thread. Of those that do not mutate the window does not limit the number.
    private void elsewhere(Inbound frame, Call call, Executor executor) {
        if (elsewhere.incrementAndGet() > 2 * service.terms().window()) {
            finish(
                    call,
                    new Response.Failed(
                            new Busy(service.node(), "too many requests wait to be made", "wait for answers")),
                    new long[0]);
            elsewhere.decrementAndGet();
            return;
        }
        frame.retain();
        call.session().workBegins();
        Runnable work = () -> {
            try {
                make(call);
            } finally {
                frame.release();
                elsewhere.decrementAndGet();
                call.session().workEnds();
            }
        };
        boolean large = Weight.answerBytes(call.request()) > Weight.LIGHT_BYTES;
        executor.execute(large ? () -> whenWritable(call.session(), work) : work);
    }

    /// Makes a request with a large answer now, or when the client has read what was sent before: of such answers as
    /// many are in memory as there are workers.
    private void whenWritable(NodeSession session, Runnable work) {
        if (connection.isWritable() || !connection.isOpen()) {
            work.run();
            return;
        }
        session.workEnds(); // from here it waits for the client
        link.onThread(() -> {
            deferred.add(() -> {
                session.workBegins();
                service.workers().execute(() -> whenWritable(session, work));
            });
            if (connection.isWritable() || !connection.isOpen()) {
                resume();
            }
        });
    }

    /// The connection's thread: more can be sent, or never will.
    void resume() {
        for (Runnable work = deferred.poll(); work != null; work = deferred.poll()) {
            work.run();
        }
    }

    private void make(Call call) {
        if (call.expires() != Long.MAX_VALUE && System.nanoTime() - call.expires() > 0) {
            finish(call, new Response.Failed(tooLate(call)), new long[0]);
        } else if (call.session().undeclared() && !beforeDeclared(call.request())) {
            finish(
                    call,
                    new Response.Failed(protocol(
                            "session has to declare what it holds first: type=" + call.type(), "send DECLARE")),
                    new long[0]);
        } else if (call.request() instanceof Request.Read read) {
            read(call, read);
        } else {
            Making making = new Making(
                    service.sessions().holdings(),
                    call.session().index(),
                    call.header().requestId(),
                    has(call, FrameHeader.EXPORTED));
            Response answer = handler.make(call.request(), making, has(call, FrameHeader.STOP_AT_FAILURE));
            if (call.request() instanceof Request.Declare declare
                    && declare.last()
                    && answer instanceof Response.Pointers) {
                service.sessions().declared(call.session());
            }
            finish(call, answer, making.published());
        }
    }

    private static boolean beforeDeclared(Request request) {
        return request instanceof Request.Declare || request instanceof Request.Ping;
    }

    private static boolean has(Call call, int flag) {
        return (call.header().flags() & flag) != 0;
    }

    private Deadline tooLate(Call call) {
        return new Deadline(
                service.node(),
                "request came to its turn too late: type=" + call.type() + ", deadline="
                        + call.header().deadlineMillis() + " ms",
                "allow more time, or send less at once");
    }

    /// Reads from the arena straight into the frame that is sent.
    private void read(Call call, Request.Read read) {
        Response failure;
        Outbound out = null;
        try {
            out = connection.allocate(Responses.dataBytes(Weight.readBytes(read)));
            contents.read(read, Responses.dataPart(out.payload()));
            link.send(out, call.type().responseCode(), call.header().requestId());
            call.session().done();
            return;
        } catch (BtdException refused) {
            failure = new Response.Failed(refused);
        } catch (RuntimeException | Error broken) {
            failure = new Response.Failed(handler.internal(read, broken));
        }
        if (out != null) {
            out.discard();
        }
        finish(call, failure, new long[0]);
    }

    private void finish(Call call, Response answer, long[] published) {
        long id = call.header().requestId();
        if (call.request().mutates()) {
            call.session().finish(id, answer, published);
        } else {
            try {
                link.answer(call.type(), id, answer);
            } finally {
                call.session().done();
            }
        }
    }
}
