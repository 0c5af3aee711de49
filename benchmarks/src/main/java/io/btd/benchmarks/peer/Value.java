// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What is stored and read: 64 printable bytes, made from the key, so that an answer to another question is seen.
final class Value {
    static final int BYTES = 64;

    private Value() {}

    /// The value of `key`.
    static byte[] of(String key) {
        StringBuilder text = new StringBuilder(BYTES + key.length() + 1);
        while (text.length() < BYTES) {
            text.append(key).append('.');
        }
        return text.substring(0, BYTES).getBytes(StandardCharsets.US_ASCII);
    }

    /// Checks the first and the last eight bytes of an answer; all of it would cost more than a peer's own check.
    static void check(byte[] expected, byte[] got, int length) throws IOException {
        if (length != BYTES || !same(expected, got, 0) || !same(expected, got, BYTES - 8)) {
            throw new IOException("another value came back: expected="
                    + new String(expected, StandardCharsets.US_ASCII) + ", got="
                    + new String(got, 0, Math.min(length, got.length), StandardCharsets.US_ASCII)
                    + "; the server has lost or mixed up what was stored");
        }
    }

    private static boolean same(byte[] expected, byte[] got, int from) {
        for (int at = from; at < from + 8; at++) {
            if (expected[at] != got[at]) {
                return false;
            }
        }
        return true;
    }
}
