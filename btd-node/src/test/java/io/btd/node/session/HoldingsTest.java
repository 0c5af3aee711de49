// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException.InvalidPointer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldingsTest {
    private static final int A = 0;
    private static final int B = 1;
    private static final int C = 65_535;
    private static final long X = 0x1000_0000_0010L;

    private final FakeBlocks blocks = new FakeBlocks();
    private final List<String> notices = new ArrayList<>();
    private long highest = 100;
    private final Holdings holdings = new Holdings(blocks, new Holdings.Holders() {
        @Override
        public long highestRequest(int session) {
            return highest;
        }

        @Override
        public void freedByOther(int session, long block) {
            notices.add(session + ":" + Long.toHexString(block));
        }
    });

    private long malloc(int session, long tag) {
        blocks.malloc(X);
        assertThat(holdings.hold(X, session, tag)).isTrue();
        return X;
    }

    @Test
    void aFreeByTheOnlyHolderGoesHomeAtOnce() {
        holdings.free(malloc(A, 1), A);
        assertThat(blocks.live).isEmpty();
        assertThat(holdings.size()).isZero();
        assertThat(notices).isEmpty();
        malloc(B, 1);
    }

    @Test
    void aFreeByAnotherWaitsForTheHolder() {
        malloc(A, 1);
        holdings.free(X, B);
        assertThat(blocks.limbo).containsExactly(X);
        assertThat(holdings.limbo()).isEqualTo(1);
        assertThat(holdings.limboOf(A)).containsExactly(X);
        assertThat(holdings.limboOf(B)).isEmpty();
        assertThat(notices).containsExactly("0:" + Long.toHexString(X));
        assertThatThrownBy(() -> holdings.free(X, B)).isInstanceOf(InvalidPointer.class);
        assertThatThrownBy(() -> holdings.adopt(X, C, 5)).isInstanceOf(InvalidPointer.class);

        holdings.released(X, B, 200);
        assertThat(blocks.limbo).containsExactly(X);
        holdings.released(X, A, 101);
        assertThat(blocks.limbo).isEmpty();
        assertThat(holdings.limbo()).isZero();
        assertThat(holdings.size()).isZero();
    }

    @Test
    void everyHolderIsWaitedFor() {
        malloc(A, 1);
        holdings.adopt(X, B, 7);
        holdings.adopt(X, C, 9);
        holdings.free(X, B);
        assertThat(notices).hasSize(2);
        holdings.released(X, A, 101);
        assertThat(blocks.limbo).containsExactly(X);
        holdings.end(C);
        assertThat(blocks.limbo).isEmpty();
    }

    @Test
    void anAnswerToAnEarlierNoticeSaysNothingOfThisLife() {
        malloc(A, 1);
        holdings.free(X, B);
        holdings.released(X, A, 101);
        highest = 102;
        malloc(A, 102);
        holdings.free(X, B);
        holdings.released(X, A, 101);
        holdings.released(X, A, 102);
        assertThat(blocks.limbo).containsExactly(X);
        holdings.released(X, A, 103);
        assertThat(blocks.limbo).isEmpty();
    }

    @Test
    void releasingWhatIsNotInLimboChangesNothing() {
        malloc(A, 1);
        holdings.released(X, A, 200);
        assertThat(holdings.size()).isEqualTo(1);
        assertThat(blocks.live).containsExactly(X);
    }

    @Test
    void aSessionsEndFreesWhatIsFreshAndKeepsWhatWasPublished() {
        malloc(A, 1);
        holdings.end(B);
        assertThat(blocks.live).containsExactly(X);
        holdings.end(A);
        assertThat(blocks.live).isEmpty();

        malloc(A, 2);
        blocks.published.add(X);
        holdings.end(A);
        assertThat(blocks.live).containsExactly(X);
        assertThat(holdings.size()).isZero();
    }

    @Test
    void theLastHolderToEndFreesWhatIsFresh() {
        malloc(A, 1);
        holdings.adopt(X, B, 1);
        holdings.end(A);
        assertThat(blocks.live).containsExactly(X);
        holdings.end(B);
        assertThat(blocks.live).isEmpty();
    }

    @Test
    void aPublishedBlockIsHeldNoMoreUnlessItWasTakenUpAgain() {
        malloc(A, 1);
        assertThat(holdings.tag(X, A)).isEqualTo(1);
        assertThat(holdings.tag(X, B)).isEqualTo(-1);
        holdings.adopt(X, A, 5);
        holdings.published(X, A, 1);
        assertThat(holdings.size()).isEqualTo(1);
        holdings.published(X, A, 5);
        assertThat(holdings.size()).isZero();
        holdings.free(X, B);
        assertThat(notices).isEmpty();
    }

    @Test
    void publishingDoesNotEndALimbo() {
        malloc(A, 1);
        long tag = holdings.tag(X, A);
        holdings.free(X, B);
        holdings.published(X, A, tag);
        assertThat(blocks.limbo).containsExactly(X);
        assertThat(holdings.tag(X, A)).isEqualTo(-1);
    }

    @Test
    void aBlockThatWasStolenBeforeItWasHeldIsNotHeld() {
        blocks.malloc(X);
        holdings.free(X, B);
        assertThat(holdings.hold(X, A, 1)).isFalse();
        malloc(C, 1);
        assertThat(holdings.hold(X, A, 1)).isFalse();
        assertThat(holdings.tag(X, C)).isEqualTo(1);
    }

    @Test
    void whatIsDeclaredIsHeldIfItLived() {
        blocks.undecided.add(X);
        assertThat(holdings.declare(X, A, 1)).isTrue();
        assertThat(holdings.declare(X, B, 1)).isTrue();
        assertThat(holdings.declare(X + 16, A, 1)).isFalse();
        assertThat(holdings.declare(0, A, 1)).isFalse();
        holdings.free(X, A);
        assertThat(blocks.limbo).containsExactly(X);
    }
}
