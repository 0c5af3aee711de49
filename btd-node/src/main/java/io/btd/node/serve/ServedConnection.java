// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Deadline;
import io.btd.api.BtdException.Protocol;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Connection.Outbound;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import io.btd.node.session.NodeSession;
import io.btd.node.session.SessionLink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection to a client: opens its session, then hands its requests to [Calls]. Frames and ends come on the
/// connection's own thread; answers, notices and goodbyes go out from any.
///
/// A client that does not read is not read from: while too much waits to be sent, frames stay in the network.
final class ServedConnection implements FrameHandler, SessionLink {
    private static final Logger LOG = System.getLogger(ServedConnection.class.getName());
    private static final long PATIENCE_SECONDS = 5;

    private final Service service;
    private final Connection connection;
    private final Handshake handshake;
    private final Calls calls;
    private final Future<?> patience;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean welcomed;
    private volatile @Nullable NodeSession session;
    private boolean paused;

    ServedConnection(Service service, Connection connection, Supplier<Endpoint> endpoint) {
        this.service = service;
        this.connection = connection;
        handshake = new Handshake(service);
        calls = new Calls(service, connection, this, endpoint);
        patience = service.timer().schedule(this::lostPatience, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void lostPatience() {
        goodbye(new Deadline(
                service.node(),
                "no session after " + PATIENCE_SECONDS + " s: peer=" + connection.peer(),
                "finish the handshake sooner"));
    }

    private Protocol protocol(String what, String hint) {
        return new Protocol(service.node(), what + ": peer=" + connection.peer(), hint);
    }

    // --- what the transport tells

    @Override
    public void frame(Inbound frame) {
        if (ended.get()) {
            return;
        }
        try {
            NodeSession open = session;
            if (frame.header().type() == MessageType.GOODBYE.code()) {
                end();
            } else if (welcomed && open != null) {
                calls.frame(frame, open);
            } else {
                open(frame);
            }
        } catch (BtdException refused) {
            goodbye(refused);
        } catch (RuntimeException broken) {
            LOG.log(
                    Level.ERROR,
                    "frame could not be taken: type=" + frame.header().type(),
                    broken);
            goodbye(protocol("internal error", "see the node's log"));
        }
    }

    private void open(Inbound frame) {
        Optional<Control> answer = handshake.frame(frame.header(), frame.payload());
        answer.ifPresent(this::send);
        if (answer.isPresent()) {
            return;
        }
        patience.cancel(false); // the client has done its part
        if (!service.workers().tryExecute(this::openSession)) {
            goodbye(stopping());
        }
    }

    private BtdException stopping() {
        return new BtdException.NodeDown(service.node(), "node is stopping", "wait until it is back");
    }

    /// Worker.
    private void openSession() {
        if (closed) {
            return; // the client has gone, and may be here again
        }
        try {
            NodeSession found = handshake.session();
            Optional<Long> next = service.sessions().attach(found, this);
            if (next.isEmpty()) {
                var _ = service.sessions()
                        .whenGone(found)
                        .thenRun(() ->
                                goodbye(service.sessions().lost(found.record().id())));
                return;
            }
            session = found;
            onThread(() -> welcome(found, next.get()));
        } catch (BtdException refused) {
            goodbye(refused);
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "session could not be opened: peer=" + connection.peer(), broken);
            goodbye(protocol("internal error", "see the node's log"));
        }
    }

    /// Does something on the connection's thread, while there is one.
    void onThread(Runnable work) {
        try {
            connection.execute(work);
        } catch (BtdException.Closed transport) {
            // so is the connection, and the handler is told
        }
    }

    /// The connection's thread: from the WELCOME on the client may send requests.
    private void welcome(NodeSession open, long nextRequestId) {
        if (closed) {
            service.sessions().detach(open, this);
            if (!handshake.resumes()) {
                var _ = service.sessions().end(open, Optional.empty()); // nobody knows of it
            }
            return;
        }
        send(handshake.welcome(open, nextRequestId));
        welcomed = true;
        notice(service.sessions().holdings().limboOf(open.index()));
    }

    @Override
    public void arriving() {
        heard();
    }

    private void heard() {
        NodeSession open = session;
        if (open != null) {
            open.heard(System.nanoTime());
        }
    }

    @Override
    public void writable() {
        if (paused) {
            paused = false;
            connection.setReading(true);
            heard();
        }
        calls.resume();
    }

    @Override
    public void closed(BtdException why) {
        closed = true;
        patience.cancel(false);
        service.forget(this);
        calls.resume();
        NodeSession open = session;
        if (open != null) {
            service.sessions().detach(open, this);
        }
    }

    // --- what goes out

    @Override
    public void answer(MessageType type, long id, Response answer) {
        Response sent = answer;
        int bytes;
        try {
            bytes = Responses.payloadBytes(answer);
        } catch (BtdException tooLong) {
            sent = new Response.Failed(tooLong);
            bytes = Responses.payloadBytes(sent);
        }
        Outbound out = connection.allocate(bytes);
        Responses.encode(sent, out.payload());
        send(out, Responses.frameType(type, sent), id);
    }

    @Override
    public void notice(long[] blocks) {
        if (welcomed && blocks.length > 0) {
            send(new Control.Notice(blocks));
        }
    }

    private void send(Control control) {
        Outbound out = connection.allocate(Controls.payloadBytes(control));
        Controls.encode(control, out.payload());
        send(out, control.type().code(), 0);
    }

    /// Sends a frame that was filled.
    void send(Outbound out, int type, long id) {
        connection.send(out, type, 0, id, service.incarnation(), 0, 0);
        if (!connection.isWritable()) {
            if (connection.onThread()) {
                pause();
            } else {
                onThread(this::pause);
            }
        }
    }

    /// The connection's thread, so that [#writable] comes after and not in between.
    private void pause() {
        if (!paused && !connection.isWritable()) {
            paused = true;
            connection.setReading(false);
        }
    }

    @Override
    public void goodbye(BtdException why) {
        if (ended.compareAndSet(false, true)) {
            patience.cancel(false);
            send(new Control.Goodbye(why));
            connection.close();
        }
    }

    /// Closes the connection after what was sent; there is nothing to say.
    void end() {
        if (ended.compareAndSet(false, true)) {
            patience.cancel(false);
            connection.close();
        }
    }
}
