// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Text as bytes. A surrogate without its partner is written as `?`, as [String#getBytes()] does.
final class Utf8 {
    private Utf8() {}

    /// How many bytes `text` takes, without making them.
    static long bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i += charsAt(text, i)) {
            bytes += bytesAt(text, i);
        }
        return bytes;
    }

    /// The beginning of `text` that takes at most `most` bytes; whole characters only.
    static String cut(String text, int most) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i += charsAt(text, i)) {
            bytes += bytesAt(text, i);
            if (bytes > most) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    /// The text of `bytes`.
    ///
    /// @throws CharacterCodingException where they are no UTF-8
    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static int charsAt(String text, int i) {
        return isPair(text, i) ? 2 : 1;
    }

    private static int bytesAt(String text, int i) {
        char c = text.charAt(i);
        if (c < 0x80) {
            return 1;
        }
        if (Character.isSurrogate(c)) {
            return isPair(text, i) ? 4 : 1;
        }
        return c < 0x800 ? 2 : 3;
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
