// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// What counts as a word: a maximal run of ASCII letters, 2 to 32 of them, lower-cased. Everything else,
/// bytes beyond ASCII included, separates words; so a search equals
/// `LC_ALL=C grep -aiE '(^|[^A-Za-z])WORD([^A-Za-z]|$)'`.
public final class Tokens {
    /// The shortest word, in letters.
    public static final int MIN_LENGTH = 2;

    /// The longest word, in letters; longer runs are dropped, not cut.
    public static final int MAX_LENGTH = 32;

    private Tokens() {}

    /// The distinct words in the first `length` bytes, in the order of their first occurrence.
    public static Set<String> in(byte[] bytes, int length) {
        Set<String> tokens = new LinkedHashSet<>();
        byte[] word = new byte[MAX_LENGTH];
        int run = 0;
        for (int i = 0; i <= length; i++) {
            if (i < length && isLetter(bytes[i])) {
                if (run < MAX_LENGTH) {
                    word[run] = (byte) (bytes[i] | 0x20);
                }
                run++;
            } else {
                if (run >= MIN_LENGTH && run <= MAX_LENGTH) {
                    tokens.add(new String(word, 0, run, StandardCharsets.ISO_8859_1));
                }
                run = 0;
            }
        }
        return tokens;
    }

    /// Whether `word` is one token as it stands, in either case.
    public static boolean isToken(String word) {
        return word.length() >= MIN_LENGTH
                && word.length() <= MAX_LENGTH
                && word.chars().allMatch(c -> c < 0x80 && isLetter((byte) c));
    }

    /// `word` as it is stored.
    ///
    /// @param word one token
    public static String normalise(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
