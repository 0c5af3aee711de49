// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.GlobalPointer;
import io.btd.emulator.net.history.Effect.Add;
import io.btd.emulator.net.history.Effect.CompareAndSet;
import io.btd.emulator.net.history.Effect.Read;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Small histories written by hand.
class HistoryCheckerTest {
    private static final long A = GlobalPointer.of(1, 1, 4096);
    private static final Effect FREED = new CompareAndSet(1, 0, true);
    private static final Effect MAYBE_FREED = new CompareAndSet(1, 0, null);

    private final History history = new History();
    private final Recorder one = new Recorder(history, 1);
    private final Recorder two = new Recorder(history, 2);

    private void grant(Recorder to, long address, long size) {
        to.granted(address, size, history.tick());
    }

    private void free(long address, Effect effect) {
        long began = history.tick();
        history.add(
                Register.block(address),
                new Call(1, began, effect == MAYBE_FREED ? Call.NEVER : history.tick(), effect));
    }

    private List<Finding.Kind> found() {
        return HistoryChecker.check(history).stream().map(Finding::kind).toList();
    }

    @Test
    void nothingIsWrongWithNeighboursAndReuse() {
        grant(one, A, 64);
        grant(two, A + 64, 64);
        free(A, FREED);
        grant(two, A, 32);
        grant(one, A + 32, 32);
        assertThat(found()).isEmpty();
    }

    @Test
    void extentsThatLiveTogetherMayNotOverlap() {
        grant(one, A, 64);
        grant(two, A + 48, 64);
        assertThat(found()).containsExactly(Finding.Kind.OVERLAP);
    }

    @Test
    void whatMayHaveBeenFreedMayBeGrantedAgain() {
        grant(one, A, 64);
        free(A, MAYBE_FREED);
        grant(two, A, 64);
        grant(two, A + 64, 64);
        assertThat(found()).isEmpty();
    }

    @Test
    void grantingTwiceIsFound() {
        grant(one, A, 64);
        grant(two, A, 64);
        assertThat(found()).contains(Finding.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void oneUnknownFreeDoesNotExplainTwoGrants() {
        grant(one, A, 64);
        free(A, MAYBE_FREED);
        grant(two, A, 64);
        grant(new Recorder(history, 3), A, 64);
        assertThat(found()).contains(Finding.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void freeingTwiceIsFound() {
        grant(one, A, 64);
        free(A, FREED);
        free(A, FREED);
        assertThat(found()).containsExactly(Finding.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void aHeldBlockThatIsRefusedIsFoundUnlessItsSessionEnded() {
        grant(one, A, 64);
        one.mayEnd(ignored -> true);
        history.add(Register.block(A), new Call(1, history.tick(), history.tick(), new Read(0)));
        assertThat(found()).isEmpty();
        grant(two, A, 64);
        history.add(Register.block(A), new Call(2, history.tick(), history.tick(), new Read(0)));
        assertThat(found()).containsExactly(Finding.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void theStoryEndsWithTheCallThatCannotBeExplained() {
        for (int i = 0; i < 40; i++) {
            history.add(
                    Register.word(A),
                    new Call(1, history.tick(), history.tick(), new Add(1, OptionalLong.of(i < 30 ? i : i - 1))));
        }
        assertThat(HistoryChecker.check(history)).singleElement().satisfies(finding -> {
            assertThat(finding.text()).contains("WORD", "add 1 -> 29").endsWith("client 1: add 1 -> 29");
            assertThat(finding.text().lines()).hasSizeLessThan(20);
        });
    }
}
