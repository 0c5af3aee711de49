// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static Set<String> in(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Tokens.in(bytes, bytes.length);
    }

    @Test
    void aTokenIsAMaximalRunOfLettersInLowerCase() {
        assertThat(in("The end; THE\u0000eNd\r\nof_file42x-yz")).containsExactly("the", "end", "of", "file", "yz");
    }

    @Test
    void shortAndLongRunsAreDropped() {
        String longest = "a".repeat(32);
        assertThat(in("a " + longest + " " + longest + "a b")).containsExactly(longest);
    }

    @Test
    void bytesBeyondAsciiAndNeighboursOfLettersSeparate() {
        assertThat(in("gr\u00fcn @ab[cd`ef{gh")).containsExactly("gr", "ab", "cd", "ef", "gh");
    }

    @Test
    void theLengthIsRespected() {
        assertThat(Tokens.in("abcdef".getBytes(StandardCharsets.US_ASCII), 3)).containsExactly("abc");
        assertThat(in("")).isEmpty();
    }

    @Test
    void aWordToSearchIsExactlyOneToken() {
        assertThat(Tokens.isToken("Heap")).isTrue();
        assertThat(Tokens.isToken("a".repeat(32))).isTrue();
        for (String bad : new String[] {"", "a", "a".repeat(33), "two words", "x1", "gr\u00fcn", "\u0141a"}) {
            assertThat(Tokens.isToken(bad)).as(bad).isFalse();
        }
    }
}
