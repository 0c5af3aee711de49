// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whether the calls on one register can have happened one after another: each at some moment between its
/// beginning and its end, every answer right. Unanswered calls may have happened at any time after their beginning, or
/// not at all.
///
/// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993) in the form of Lowe ("Testing for
/// linearizability", 2017): calls are taken in every order that time allows; a set of taken calls together with
/// the register's value is looked at once. Answered calls are tried first, so unanswered ones cost
/// only where they are needed. Thread-safe: has no state.
public final class Linearizability {

    /// What a search found.
    public enum Verdict {
        /// There is an order.
        LINEARIZABLE,
        /// There is none.
        VIOLATED,
        /// The search was given up: there were too many configurations.
        UNDECIDED
    }

    private record Configuration(BitSet taken, long value) {}

    /// What was taken last, to be given back.
    private record Move(int call, long before, int from) {}

    private final List<Call> calls;
    private final int limit;
    private final Set<Configuration> seen = new HashSet<>();
    private final BitSet taken = new BitSet();
    private final Deque<Move> path = new ArrayDeque<>();

    private Linearizability(List<Call> calls, int limit) {
        this.calls = calls;
        this.limit = limit;
    }

    /// Decides.
    ///
    /// @param initial what the register held before the first call
    /// @param limit of configurations, after which the search is given up
    public static Verdict check(List<Call> history, long initial, int limit) {
        List<Call> answeredFirst = new ArrayList<>(history);
        answeredFirst.sort(Comparator.comparing((Call call) -> !call.answered()).thenComparingLong(Call::began));
        return new Linearizability(answeredFirst, limit).search(initial);
    }

    private Verdict search(long initial) {
        int answered = (int) calls.stream().filter(Call::answered).count();
        long value = initial;
        int next = 0;
        int answeredTaken = 0;
        while (answeredTaken < answered) {
            int chosen = choose(next, value, answered);
            if (chosen >= 0) {
                path.push(new Move(chosen, value, chosen + 1));
                taken.set(chosen);
                answeredTaken += chosen < answered ? 1 : 0;
                value = calls.get(chosen).effect().after(value);
                next = 0;
                if (seen.size() > limit) {
                    return Verdict.UNDECIDED;
                }
                continue;
            }
            @Nullable Move last = path.poll();
            if (last == null) {
                return Verdict.VIOLATED;
            }
            taken.clear(last.call());
            answeredTaken -= last.call() < answered ? 1 : 0;
            value = last.before();
            next = last.from();
        }
        return Verdict.LINEARIZABLE;
    }

    /// The first call from `from` on that can be next and leads to a new configuration, or -1.
    private int choose(int from, long value, int answered) {
        long firstEnd = firstEnd(answered);
        for (int i = taken.nextClearBit(from); i < answered; i = taken.nextClearBit(i + 1)) {
            if (calls.get(i).began() > firstEnd) {
                break;
            }
            if (isNew(i, value)) {
                return i;
            }
        }
        for (int i = taken.nextClearBit(Math.max(from, answered)); i < calls.size(); i = taken.nextClearBit(i + 1)) {
            if (calls.get(i).began() > firstEnd) {
                break;
            }
            // Without an effect it helps nobody.
            if (calls.get(i).effect().after(value) != value && isNew(i, value)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isNew(int call, long value) {
        Effect effect = calls.get(call).effect();
        if (!effect.explainedBy(value)) {
            return false;
        }
        BitSet with = (BitSet) taken.clone();
        with.set(call);
        return seen.add(new Configuration(with, effect.after(value)));
    }

    /// When the first of the answered calls that are not taken ended: what began later must wait for it.
    private long firstEnd(int answered) {
        long first = Call.NEVER;
        for (int i = taken.nextClearBit(0); i < answered; i = taken.nextClearBit(i + 1)) {
            Call call = calls.get(i);
            if (call.began() > first) {
                break;
            }
            first = Math.min(first, call.ended());
        }
        return first;
    }
}
