// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.client.Hint.Wish;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Where a new block goes: the same host first, else the less loaded of two random nodes. A pure function.
///
/// Two random choices come close to the best of all without everybody running to the one node that looked best a
/// moment ago (Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001).
final class Router {
    private Router() {}

    /// Chooses a node.
    ///
    /// @param candidates live nodes, by id
    /// @param excluded nodes that refused this request already
    /// @param turn counts the calls that are spread
    /// @return empty when every node that may be taken is excluded
    static OptionalInt choose(
            List<Candidate> candidates, Hint hint, Set<Integer> excluded, long turn, RandomGenerator random) {
        if (hint.wish() == Wish.ON) {
            return excluded.contains(hint.node()) ? OptionalInt.empty() : OptionalInt.of(hint.node());
        }
        if (hint.wish() == Wish.NEAR && !excluded.contains(hint.node()) && has(candidates, hint.node())) {
            return OptionalInt.of(hint.node());
        }
        if (hint.wish() == Wish.SPREAD) {
            return inTurn(candidates, excluded, turn);
        }
        List<Candidate> open = candidates.stream()
                .filter(candidate -> !excluded.contains(candidate.node()))
                .toList();
        List<Candidate> reachable = preferred(open, Candidate::reachable);
        List<Candidate> best = preferred(reachable, Candidate::here);
        return best.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(lessLoaded(best, random).node());
    }

    private static boolean has(List<Candidate> candidates, int node) {
        return candidates.stream().anyMatch(candidate -> candidate.node() == node);
    }

    /// The next in the row of all, so that one that is excluded does not shift the turns of the others.
    private static OptionalInt inTurn(List<Candidate> candidates, Set<Integer> excluded, long turn) {
        for (int i = 0; i < candidates.size(); i++) {
            Candidate next = candidates.get((int) Math.floorMod(turn + i, (long) candidates.size()));
            if (!excluded.contains(next.node())) {
                return OptionalInt.of(next.node());
            }
        }
        return OptionalInt.empty();
    }

    private static List<Candidate> preferred(List<Candidate> all, java.util.function.Predicate<Candidate> preference) {
        List<Candidate> some = all.stream().filter(preference).toList();
        return some.isEmpty() ? all : some;
    }

    private static Candidate lessLoaded(List<Candidate> some, RandomGenerator random) {
        Candidate one = some.get(random.nextInt(some.size()));
        if (some.size() == 1) {
            return one;
        }
        int place = random.nextInt(some.size() - 1);
        Candidate other = some.get(place);
        if (other.node() == one.node()) {
            other = some.get(some.size() - 1);
        }
        return other.available() > one.available() ? other : one;
    }
}
