// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.security.SecureRandom;

/// Who this client is, to nodes: 128 random bits that are drawn once and let it resume its sessions. They are
/// told to nobody else, and printed nowhere.
///
/// @param high half
/// @param low the other half
record Identity(long high, long low) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A new one.
    static Identity draw() {
        return new Identity(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /// Random bytes that nobody can foresee.
    static byte[] nonce(int bytes) {
        byte[] nonce = new byte[bytes];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    @Override
    public String toString() {
        return "client identity";
    }
}
