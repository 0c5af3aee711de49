// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;

/// Frames outside of calls: the handshake, notices, goodbyes.
@SuppressWarnings("ArrayRecordComponent") // messages are passed on, not compared
public sealed interface Control {

    /// The kind.
    MessageType type();

    /// Client: opens a session, or takes up an earlier one.
    ///
    /// @param minVersion the lowest version of the protocol the client speaks
    /// @param maxVersion the highest
    /// @param capabilities bits of what it can do beyond the version
    /// @param clientHigh identity of the client process, random
    /// @param clientLow the other half
    /// @param session to be resumed, 0 for a new one
    /// @param nonce 32 random bytes
    /// @param namespace of the cluster the client means
    record Hello(
            int minVersion,
            int maxVersion,
            long capabilities,
            long clientHigh,
            long clientLow,
            long session,
            byte[] nonce,
            String namespace)
            implements Control {
        @Override
        public MessageType type() {
            return MessageType.HELLO;
        }
    }

    /// Node: asks for proof.
    ///
    /// @param nonce 32 random bytes
    record Challenge(byte[] nonce) implements Control {
        @Override
        public MessageType type() {
            return MessageType.CHALLENGE;
        }
    }

    /// Client: the proof.
    ///
    /// @param mac HMAC-SHA-256 over what wire.md says, 32 bytes
    record Proof(byte[] mac) implements Control {
        @Override
        public MessageType type() {
            return MessageType.PROOF;
        }
    }

    /// Node: the session is open.
    ///
    /// @param version of the protocol from now on
    /// @param capabilities that both have
    /// @param node its id
    /// @param session number of the session, never 0
    /// @param incarnation of the node
    /// @param resumed whether the node knows the session from before
    /// @param declare whether the session has to declare what it holds
    /// @param leaseMillis the session ends when nothing was heard for so long
    /// @param window the most requests on their way at once
    /// @param nextRequestId the lowest request id that is accepted
    /// @param available bytes of pages free
    /// @param capacity bytes of pages in all
    /// @param mac the node's proof, 32 bytes; empty where no secret is used
    record Welcome(
            int version,
            long capabilities,
            int node,
            long session,
            long incarnation,
            boolean resumed,
            boolean declare,
            int leaseMillis,
            int window,
            long nextRequestId,
            long available,
            long capacity,
            byte[] mac)
            implements Control {
        @Override
        public MessageType type() {
            return MessageType.WELCOME;
        }
    }

    /// Either: why the connection ends.
    record Goodbye(BtdException reason) implements Control {
        @Override
        public MessageType type() {
            return MessageType.GOODBYE;
        }
    }

    /// Node: these blocks, held by the session, were freed by others; they wait for [Request.Released].
    record Notice(long[] blocks) implements Control {
        @Override
        public MessageType type() {
            return MessageType.NOTICE;
        }
    }
}
