// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.Unauthenticated;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.Macs;
import io.btd.node.session.NodeSession;
import io.btd.node.session.Sessions;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// From a connection's first frame to its session: HELLO, where there is a secret CHALLENGE and PROOF, then WELCOME.
/// Used
/// by the thread that carries the connection's frames, until the session opens, which a worker does.
final class Handshake {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long CAPABILITIES = 0;

    private final Service service;
    private Control.@Nullable Hello hello;
    /// What the client has to answer; empty where the node has no secret.
    private byte[] nonce = {};

    private boolean complete;

    Handshake(Service service) {
        this.service = service;
    }

    /// What is to be answered to a frame; empty when the client has done its part.
    ///
    /// @throws io.btd.api.BtdException saying why the connection ends
    Optional<Control> frame(FrameHeader header, MemorySegment payload) {
        if (complete) {
            throw protocol("frame before the session is open: type=" + header.type(), "wait for WELCOME");
        }
        return switch (Controls.decode(header.type(), payload)) {
            case Control.Hello said when hello == null -> hello(said);
            case Control.Proof proof when hello != null -> proof(hello, proof);
            default ->
                throw protocol("frame out of place: type=" + header.type(), "send HELLO, then what is asked for");
        };
    }

    private Optional<Control> hello(Control.Hello said) {
        if (said.minVersion() > FrameHeader.VERSION || said.maxVersion() < FrameHeader.VERSION) {
            throw protocol(
                    "no common version: client=" + said.minVersion() + ".." + said.maxVersion() + ", node="
                            + FrameHeader.VERSION,
                    "use a client of this version");
        }
        if (service.terms().secret().isEmpty()) {
            hello = said;
            return accepted(said);
        }
        nonce = new byte[Controls.NONCE];
        RANDOM.nextBytes(nonce);
        hello = said;
        return Optional.of(new Control.Challenge(nonce));
    }

    private Optional<Control> proof(Control.Hello hello, Control.Proof proof) {
        byte[] expected = Macs.client(service.terms().secret().orElseThrow(), hello, nonce);
        if (!Macs.same(expected, proof.mac())) {
            throw new Unauthenticated(
                    service.node(), "client does not know the secret", "give it the secret that all members share");
        }
        return accepted(hello);
    }

    private Optional<Control> accepted(Control.Hello said) {
        if (!said.namespace().equals(service.terms().namespace())) {
            throw protocol(
                    "node of another cluster: namespace=" + service.terms().namespace() + ", asked=" + said.namespace(),
                    "connect to the cluster's own nodes");
        }
        complete = true;
        return Optional.empty();
    }

    private Protocol protocol(String what, String hint) {
        return new Protocol(service.node(), what, hint);
    }

    /// Whether the client asks for a session it had.
    boolean resumes() {
        return said().session() != 0;
    }

    /// Opens the session, or finds it. Worker: this is written to the arena.
    ///
    /// @throws Busy when the node takes no new ones
    /// @throws io.btd.api.BtdException.SessionLost when there is no such session
    NodeSession session() {
        Sessions sessions = service.sessions();
        Control.Hello said = said();
        if (resumes()) {
            return sessions.find(said.clientHigh(), said.clientLow(), said.session());
        }
        if (!service.maySessionsOpen()) {
            throw new Busy(service.node(), "node takes no new sessions for now", "try again later, or another node");
        }
        return sessions.open(said.clientHigh(), said.clientLow());
    }

    /// What the client is told of its session.
    Control.Welcome welcome(NodeSession session, long nextRequestId) {
        Control.Hello hello = said();
        byte[] mac = service.terms()
                .secret()
                .map(secret -> Macs.node(secret, hello, nonce, session.record().id()))
                .orElse(new byte[0]);
        return new Control.Welcome(
                FrameHeader.VERSION,
                CAPABILITIES & hello.capabilities(),
                service.node(),
                session.record().id(),
                service.incarnation(),
                resumes(),
                session.undeclared(),
                (int) service.terms().lease().toMillis(),
                service.terms().window(),
                nextRequestId,
                service.load().available(),
                service.load().capacity(),
                mac);
    }

    private Control.Hello said() {
        if (hello == null) {
            throw new IllegalStateException("nothing was said yet");
        }
        return hello;
    }
}
