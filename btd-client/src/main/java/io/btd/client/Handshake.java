// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.Unauthenticated;
import io.btd.api.wire.Control;
import io.btd.api.wire.Controls;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.Macs;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The client's side of opening one connection: what it says, and whether it believes what it hears. Not
/// thread-safe.
final class Handshake {
    private final int node;
    private final Optional<String> secret;
    private final Control.Hello hello;
    private byte @Nullable [] challenge;

    /// Opens a session, or resumes one.
    ///
    /// @param session its number, 0 for a new one
    Handshake(int node, long session, Surroundings surroundings) {
        this.node = node;
        secret = surroundings.config().secret();
        hello = new Control.Hello(
                FrameHeader.VERSION,
                FrameHeader.VERSION,
                0,
                surroundings.identity().high(),
                surroundings.identity().low(),
                session,
                Identity.nonce(Controls.NONCE),
                surroundings.config().namespace());
    }

    /// What the client says first.
    Control hello() {
        return hello;
    }

    /// What it answers to a challenge.
    ///
    /// @throws BtdException.Unauthenticated when it knows no secret
    Control proof(Control.Challenge asked) {
        if (secret.isEmpty()) {
            throw new Unauthenticated(
                    node,
                    "node asks for a secret: node=" + node,
                    "configure the secret that the cluster's members have");
        }
        challenge = asked.nonce();
        return new Control.Proof(Macs.client(secret.get(), hello, asked.nonce()));
    }

    /// Checks that the node is the one that was meant, and knows the secret if there is one.
    ///
    /// @throws BtdException.Unauthenticated when it does not prove that
    /// @throws BtdException.Protocol when it is another node or speaks another version
    void check(Control.Welcome welcome) {
        if (secret.isPresent()) {
            byte[] nonce = challenge;
            if (nonce == null || !Macs.same(Macs.node(secret.get(), hello, nonce, welcome.session()), welcome.mac())) {
                throw new Unauthenticated(
                        node,
                        "node does not prove that it knows the secret: node=" + node,
                        "give every member the same secret");
            }
        }
        if (welcome.version() != FrameHeader.VERSION) {
            throw new Protocol(
                    node, "node chose another version: version=" + welcome.version(), "use a matching version");
        }
        if (welcome.node() != node || welcome.session() == 0) {
            throw new Protocol(
                    node,
                    "another node answers: node=" + welcome.node() + ", expected=" + node,
                    "wait until the membership has settled, or check the nodes' addresses");
        }
    }
}
