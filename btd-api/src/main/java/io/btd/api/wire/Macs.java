// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The proofs that both sides know the secret: HMAC-SHA-256 over what wire.md says. Safe for use by many threads.
public final class Macs {
    /// Bytes of a proof.
    public static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] CLIENT = "btd-client-1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NODE = "btd-node-1".getBytes(StandardCharsets.US_ASCII);

    private Macs() {}

    /// The client's proof.
    ///
    /// @param secret that both know, not empty
    /// @param hello what the client said
    /// @param nodeNonce of the node's challenge, 32 bytes
    /// @throws BtdException.InvalidConfig for an empty secret
    public static byte[] client(String secret, Control.Hello hello, byte[] nodeNonce) {
        return over(secret, CLIENT, hello, nodeNonce).doFinal();
    }

    /// The node's proof.
    ///
    /// @param secret that both know, not empty
    /// @param hello what the client said
    /// @param nodeNonce of the node's challenge, 32 bytes
    /// @param session that was opened or resumed
    /// @throws BtdException.InvalidConfig for an empty secret
    public static byte[] node(String secret, Control.Hello hello, byte[] nodeNonce, long session) {
        return over(secret, NODE, hello, nodeNonce).doFinal(numbers(session));
    }

    /// Whether two proofs are the same, in a time that does not tell where they differ.
    public static boolean same(byte[] expected, byte[] given) {
        return MessageDigest.isEqual(expected, given);
    }

    private static Mac over(String secret, byte[] who, Control.Hello hello, byte[] nodeNonce) {
        if (secret.isEmpty()) {
            throw new BtdException.InvalidConfig("empty secret", "use a long random text, or none at all");
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(who);
            mac.update(hello.nonce());
            mac.update(nodeNonce);
            mac.update(numbers(hello.clientHigh(), hello.clientLow(), hello.session()));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] numbers(long... numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : numbers) {
            buffer.putLong(number);
        }
        return buffer.array();
    }
}
