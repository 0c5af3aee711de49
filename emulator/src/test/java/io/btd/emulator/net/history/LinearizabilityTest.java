// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import static io.btd.emulator.net.history.Linearizability.Verdict.LINEARIZABLE;
import static io.btd.emulator.net.history.Linearizability.Verdict.UNDECIDED;
import static io.btd.emulator.net.history.Linearizability.Verdict.VIOLATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.Seed;
import io.btd.emulator.net.history.Effect.Add;
import io.btd.emulator.net.history.Effect.CompareAndSet;
import io.btd.emulator.net.history.Effect.Read;
import io.btd.emulator.net.history.Effect.SetIfZero;
import io.btd.emulator.net.history.Effect.Swap;
import io.btd.emulator.net.history.Linearizability.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final int LIMIT = 1_000_000;

    private static Call call(long began, long ended, Effect effect) {
        return new Call(0, began, ended, effect);
    }

    private static Call unknown(long began, Effect effect) {
        return new Call(0, began, Call.NEVER, effect);
    }

    private static Effect set(long value) {
        return Swap.to(value);
    }

    private static Effect swap(long value, long seen) {
        return new Swap(value, OptionalLong.of(seen));
    }

    private static Verdict verdict(Call... calls) {
        return Linearizability.check(List.of(calls), 0, LIMIT);
    }

    @Test
    void callsInOrderMustAnswerWhatWasThere() {
        assertThat(verdict()).isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 2, set(7)), call(3, 4, new Read(7)))).isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 2, set(7)), call(3, 4, new Read(0)))).isEqualTo(VIOLATED);
        assertThat(verdict(call(1, 2, set(7)), call(3, 4, swap(8, 7)), call(5, 6, new Read(8))))
                .isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 2, new Add(5, OptionalLong.of(0))), call(3, 4, new Add(1, OptionalLong.of(6)))))
                .isEqualTo(VIOLATED);
    }

    @Test
    void callsAtTheSameTimeMayHaveHappenedInEitherOrder() {
        assertThat(verdict(call(1, 4, set(7)), call(2, 3, new Read(0)))).isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 4, set(7)), call(2, 3, new Read(7)))).isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 4, set(7)), call(2, 3, new Read(9)))).isEqualTo(VIOLATED);
    }

    @Test
    void whoReadsAfterAnotherSawTheNewValueSeesItToo() {
        assertThat(verdict(call(1, 10, set(7)), call(2, 3, new Read(7)), call(4, 5, new Read(0))))
                .isEqualTo(VIOLATED);
    }

    @Test
    void oneOfTwoSucceeds() {
        Effect won = new CompareAndSet(0, 1, true);
        Effect wonToo = new CompareAndSet(0, 2, true);
        Effect lost = new CompareAndSet(0, 2, false);
        assertThat(verdict(call(1, 4, won), call(2, 3, lost))).isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 4, won), call(2, 3, wonToo))).isEqualTo(VIOLATED);
        Effect first = new SetIfZero(3, OptionalLong.of(0));
        Effect second = new SetIfZero(4, OptionalLong.of(3));
        assertThat(verdict(call(1, 4, second), call(2, 3, first), call(5, 6, new Read(3))))
                .isEqualTo(LINEARIZABLE);
        assertThat(verdict(call(1, 4, first), call(2, 3, new SetIfZero(4, OptionalLong.of(0)))))
                .isEqualTo(VIOLATED);
    }

    @Test
    void anUnansweredCallMayHappenLateOrNever() {
        Call unanswered = unknown(1, set(7));
        assertThat(verdict(unanswered, call(2, 3, new Read(0)), call(4, 5, new Read(7))))
                .as("late")
                .isEqualTo(LINEARIZABLE);
        assertThat(verdict(unanswered, call(2, 3, new Read(0)))).as("never").isEqualTo(LINEARIZABLE);
        assertThat(verdict(unanswered, call(2, 3, new Read(7)), call(4, 5, new Read(0))))
                .as("not undone")
                .isEqualTo(VIOLATED);
        assertThat(verdict(call(1, 2, new Read(7)), unknown(3, set(7))))
                .as("not before it began")
                .isEqualTo(VIOLATED);
        Call adds = unknown(1, new Add(1, OptionalLong.empty()));
        assertThat(verdict(adds, call(2, 3, new Read(2)))).as("not twice").isEqualTo(VIOLATED);
    }

    @Test
    void aSearchThatIsTooLargeIsGivenUp() {
        List<Call> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(unknown(i, new Add(1L << i, OptionalLong.empty())));
        }
        many.add(call(100, 101, new Read(-1)));
        assertThat(Linearizability.check(many, 0, 1_000)).isEqualTo(UNDECIDED);
    }

    /// A register that is right, asked by three clients at once: every call takes effect at a moment between its
    /// beginning
    /// and its end.
    private static List<Call> rightHistory(SplittableRandom random, int length) {
        List<Call> calls = new ArrayList<>();
        long value = 0;
        long[] free = new long[3];
        for (int i = 0; i < length; i++) {
            long moment = 10L * (i + 1);
            int client = random.nextInt(3);
            long began = Math.max(free[client], moment - random.nextInt(1, 40));
            if (began >= moment) {
                continue;
            }
            long ended = moment + random.nextInt(1, 40);
            Effect effect = right(random, value);
            free[client] = ended + 1;
            boolean answered = effect instanceof Read || random.nextInt(8) != 0;
            boolean happened = answered || random.nextBoolean();
            calls.add(new Call(client, began, answered ? ended : Call.NEVER, answered ? effect : effect.unanswered()));
            value = happened ? effect.after(value) : value;
        }
        return calls;
    }

    private static Effect right(SplittableRandom random, long value) {
        long other = random.nextInt(4);
        return switch (random.nextInt(5)) {
            case 0 -> new Read(value);
            case 1 -> swap(other, value);
            case 2 -> new CompareAndSet(other, random.nextInt(4), value == other);
            case 3 -> new Add(1, OptionalLong.of(value));
            default -> new SetIfZero(other, OptionalLong.of(value));
        };
    }

    @Test
    void rightHistoriesPass() {
        SplittableRandom random = new SplittableRandom(Seed.ofTest("right histories"));
        for (int i = 0; i < 2_000; i++) {
            List<Call> history = rightHistory(random, 120);
            assertThat(Linearizability.check(history, 0, LIMIT))
                    .as("%s", history)
                    .isEqualTo(LINEARIZABLE);
        }
    }

    @Test
    void aWrongAnswerIsFoundAsOftenAsAnExhaustiveSearchFindsIt() {
        SplittableRandom random = new SplittableRandom(Seed.ofTest("wrong answers"));
        int violated = 0;
        for (int i = 0; i < 3_000; i++) {
            List<Call> history = new ArrayList<>(rightHistory(random, 7));
            if (history.isEmpty()) {
                continue;
            }
            int spoiled = random.nextInt(history.size());
            Call call = history.get(spoiled);
            history.set(spoiled, new Call(call.client(), call.began(), call.ended(), new Read(random.nextInt(4))));
            boolean explained = explained(history, 0);
            violated += explained ? 0 : 1;
            assertThat(Linearizability.check(history, 0, LIMIT))
                    .as("%s", history)
                    .isEqualTo(explained ? LINEARIZABLE : VIOLATED);
        }
        assertThat(violated).isGreaterThan(300);
    }

    /// Tries every order, with nothing remembered and nothing left out.
    private static boolean explained(List<Call> left, long value) {
        if (left.stream().noneMatch(Call::answered)) {
            return true;
        }
        long firstEnd = left.stream().mapToLong(Call::ended).min().orElse(Call.NEVER);
        for (Call next : left) {
            if (next.began() <= firstEnd && next.effect().explainedBy(value)) {
                List<Call> rest = new ArrayList<>(left);
                rest.remove(next);
                if (explained(rest, next.effect().after(value))) {
                    return true;
                }
            }
        }
        return false;
    }
}
