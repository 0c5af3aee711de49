// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.GlobalPointer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Which addresses stay refused when memory that was lost is given out again, divided as before or otherwise.
class LostBlocksTest {
    private static final long AT = GlobalPointer.of(1, 1, 0x2b0000);

    private final LostBlocks lost = new LostBlocks();

    private void isLost(long... addresses) {
        assertThat(LongStream.of(addresses).boxed()).as("lost").allMatch(lost::has);
    }

    private void isNotLost(long... addresses) {
        assertThat(LongStream.of(addresses).boxed()).as("not lost").noneMatch(lost::has);
    }

    @Test
    void aLostBlockIsLostFromItsFirstByteToItsLast() {
        lost.add(AT, 936);
        isLost(AT, AT + 16, AT + 935);
        isNotLost(AT - 1, AT + 936);
    }

    @Test
    void theSameBlockGivenOutAgainIsNotLost() {
        lost.add(AT, 936);
        lost.regained(AT, 936);
        isNotLost(AT, AT + 935);
    }

    @Test
    void whatIsLeftBeforeASmallerBlockStaysLost() {
        lost.add(AT, 936);
        lost.regained(AT + 768, 744);
        isLost(AT, AT + 767);
        isNotLost(AT + 768, AT + 935);
    }

    @Test
    void whatIsLeftBehindASmallerBlockStaysLost() {
        lost.add(AT, 4000);
        lost.regained(AT, 64);
        isNotLost(AT, AT + 63);
        isLost(AT + 1024, AT + 3999);
    }

    @Test
    void bothSidesOfASmallerBlockStayLost() {
        lost.add(AT, 4000);
        lost.regained(AT + 1024, 64);
        isLost(AT, AT + 1023, AT + 2048, AT + 3999);
        isNotLost(AT + 1024, AT + 1087);
    }

    @Test
    void aLargerBlockTakesAllThatLieInIt() {
        for (long at : List.of(AT, AT + 256, AT + 512, AT + 1024)) {
            lost.add(at, 256);
        }
        lost.regained(AT + 128, 700);
        isLost(AT, AT + 127, AT + 1024, AT + 1279);
        isNotLost(AT + 128, AT + 256, AT + 512, AT + 767);
    }

    @Test
    void aBlockOfUnknownSizeIsNotLostAsFarAsItMayGo() {
        lost.add(AT, 4000);
        lost.regained(AT + 16, 0);
        isLost(AT);
        isNotLost(AT + 16, AT + 3999);
    }

    @Test
    void neighboursAreLeftAlone() {
        lost.add(AT, 64);
        lost.add(AT + 128, 64);
        lost.regained(AT + 64, 64);
        isLost(AT, AT + 63, AT + 128, AT + 191);
    }
}
