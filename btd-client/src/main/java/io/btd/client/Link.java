// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Protocol;
import io.btd.api.transport.Connection;
import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Requests;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import org.jspecify.annotations.Nullable;

/// One connection to a node, from HELLO to its end: takes frames apart and hands what is in them to its owner.
/// Frames come on one thread; everything else here is thread-safe.
final class Link implements FrameHandler {
    private final int node;
    private final Handshake handshake;
    private final Owner owner;

    private volatile @Nullable Connection connection;
    private volatile boolean welcomed;
    private volatile @Nullable BtdException reason;

    /// Who is told what happens on a connection, always on the connection's thread.
    interface Owner {
        /// The session is open on this connection.
        void welcomed(Link link, Control.Welcome welcome);

        /// An answer; bytes in it are valid until this returns.
        ///
        /// @param type of the request it answers, `FAILED` where it does not say
        void answered(Link link, long requestId, MessageType type, Response response);

        /// Blocks that others freed.
        void noticed(Link link, long[] blocks);

        /// A part of a frame arrived.
        void arriving(Link link);

        /// Whether an answer is on its way; any thread, must not wait.
        boolean expectsAnswers();

        /// Frames are taken again.
        void writable(Link link);

        /// It has ended.
        ///
        /// @param welcomed whether it was open before
        void closed(Link link, boolean welcomed, BtdException why);
    }

    Link(int node, Handshake handshake, Owner owner) {
        this.node = node;
        this.handshake = handshake;
        this.owner = owner;
    }

    /// Begins the handshake.
    void greet(Connection opened) {
        connection = opened;
        say(opened, handshake.hello());
    }

    @Override
    public void frame(Inbound frame) {
        Connection from = connection;
        if (from == null) {
            return; // nothing was said yet, so this cannot be an answer
        }
        try {
            FrameHeader header = frame.header();
            if (header.requestId() != 0) {
                response(header, frame);
            } else {
                control(from, Controls.decode(header.type(), frame.payload()));
            }
        } catch (BtdException refused) {
            fail(refused);
        }
    }

    @Override
    public void arriving() {
        owner.arriving(this);
    }

    private void response(FrameHeader header, Inbound frame) {
        Response response = Responses.decode(header.type(), frame.payload());
        if (!welcomed) {
            throw new Protocol(node, "answer before the handshake: type=" + header.type(), "report this");
        }
        owner.answered(this, header.requestId(), MessageType.of(header.type()), response);
    }

    private void control(Connection from, Control control) {
        switch (control) {
            case Control.Challenge challenge when !welcomed -> say(from, handshake.proof(challenge));
            case Control.Welcome welcome
            when !welcomed -> {
                handshake.check(welcome);
                welcomed = true;
                owner.welcomed(this, welcome);
            }
            case Control.Goodbye goodbye -> {
                reason = goodbye.reason();
                from.close();
            }
            case Control.Notice notice when welcomed -> owner.noticed(this, notice.blocks());
            default ->
                throw new Protocol(
                        node, "frame out of turn: type=" + control.type() + ", node=" + node, "use a matching version");
        }
    }

    /// Ends the connection, saying why.
    void fail(BtdException why) {
        Connection open = connection;
        if (open == null || reason != null) {
            return;
        }
        reason = why;
        if (why instanceof Protocol) {
            say(open, new Control.Goodbye(why));
        }
        open.close();
    }

    /// Ends the connection without a word: the session goes on, or was closed.
    void close() {
        Connection open = connection;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public boolean expectsFrames() {
        return !welcomed || owner.expectsAnswers();
    }

    @Override
    public void writable() {
        owner.writable(this);
    }

    @Override
    public void closed(BtdException why) {
        BtdException said = reason;
        owner.closed(this, welcomed, said != null ? said : why);
    }

    private static void say(Connection to, Control control) {
        Connection.Outbound frame = to.allocate(Controls.payloadBytes(control));
        try {
            Controls.encode(control, frame.payload());
        } catch (RuntimeException refused) {
            frame.discard();
            throw refused;
        }
        to.send(frame, control.type().code(), 0, 0, 0, 0, 0);
    }

    /// Makes the frame of a request, straight into the transport's memory.
    ///
    /// @throws BtdException for what cannot be sent
    Connection.Outbound encode(Request request) {
        Connection.Outbound frame = connection().allocate(Requests.payloadBytes(request));
        try {
            Requests.encode(request, frame.payload());
        } catch (RuntimeException refused) {
            frame.discard();
            throw refused;
        }
        return frame;
    }

    /// The connection of a link that greeted.
    Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("link has no connection yet: node=" + node);
        }
        return open;
    }
}
