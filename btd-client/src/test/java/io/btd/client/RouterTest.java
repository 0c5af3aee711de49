// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.client.Hint.Wish;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Where the router sends blocks, for any cluster.
class RouterTest {
    private final SplittableRandom random = Seed.roll();

    private List<Candidate> cluster() {
        List<Candidate> all = new ArrayList<>();
        int count = random.nextInt(1, 8);
        for (int node = 1; node <= count; node++) {
            all.add(new Candidate(node * 3, random.nextInt(3) == 0, random.nextInt(100), random.nextInt(4) != 0));
        }
        return all;
    }

    private Set<Integer> some(List<Candidate> all) {
        Set<Integer> excluded = new HashSet<>();
        all.forEach(candidate -> {
            if (random.nextBoolean()) {
                excluded.add(candidate.node());
            }
        });
        return excluded;
    }

    @Test
    void nobodyWhoRefusedIsAskedAgainAndSomebodyIsAskedWhileThereIsOne() {
        for (int i = 0; i < 20_000; i++) {
            List<Candidate> all = cluster();
            Set<Integer> excluded = some(all);
            Hint hint = List.of(Hint.ANYWHERE, Hint.SPREAD, new Hint(Wish.NEAR, 3), new Hint(Wish.NEAR, 999))
                    .get(random.nextInt(4));
            OptionalInt chosen = Router.choose(all, hint, excluded, random.nextLong(), random);
            assertThat(chosen.isPresent()).isEqualTo(excluded.size() < all.size());
            if (chosen.isPresent()) {
                assertThat(excluded).doesNotContain(chosen.getAsInt());
                assertThat(all).extracting(Candidate::node).contains(chosen.getAsInt());
            }
        }
    }

    @Test
    void theOwnHostComesFirstAmongNodesThatCanBeReached() {
        for (int i = 0; i < 20_000; i++) {
            List<Candidate> all = cluster();
            Set<Integer> excluded = some(all);
            List<Candidate> open = all.stream()
                    .filter(candidate -> !excluded.contains(candidate.node()))
                    .toList();
            OptionalInt chosen = Router.choose(all, Hint.ANYWHERE, excluded, 0, random);
            if (chosen.isEmpty()) {
                continue;
            }
            Candidate taken = all.stream()
                    .filter(candidate -> candidate.node() == chosen.getAsInt())
                    .findFirst()
                    .orElseThrow();
            if (open.stream().anyMatch(Candidate::reachable)) {
                assertThat(taken.reachable()).isTrue();
            }
            if (open.stream().anyMatch(one -> one.here() && one.reachable() == taken.reachable())) {
                assertThat(taken.here()).isTrue();
            }
        }
    }

    @Test
    void ofTwoTheLessLoadedIsTakenAndTheFullestOfManyNever() {
        List<Candidate> all = IntStream.rangeClosed(1, 5)
                .mapToObj(node -> new Candidate(node, false, node * 10L, true))
                .toList();
        int[] taken = new int[6];
        for (int i = 0; i < 10_000; i++) {
            taken[Router.choose(all, Hint.ANYWHERE, Set.of(), 0, random).orElseThrow()]++;
        }
        assertThat(taken[1]).isZero();
        assertThat(taken[2]).isLessThan(taken[3]);
        assertThat(taken[3]).isLessThan(taken[4]);
        assertThat(taken[4]).isLessThan(taken[5]);
    }

    @Test
    void nearPrefersItsNodeAndOnKnowsNoOther() {
        List<Candidate> all = List.of(new Candidate(1, true, 9, true), new Candidate(2, false, 1, false));
        assertThat(Router.choose(all, new Hint(Wish.NEAR, 2), Set.of(), 0, random))
                .hasValue(2);
        assertThat(Router.choose(all, new Hint(Wish.NEAR, 2), Set.of(2), 0, random))
                .hasValue(1);
        assertThat(Router.choose(all, new Hint(Wish.ON, 2), Set.of(), 0, random))
                .hasValue(2);
        assertThat(Router.choose(all, new Hint(Wish.ON, 2), Set.of(2), 0, random))
                .isEmpty();
    }

    @Test
    void spreadTakesAllInTurn() {
        List<Candidate> all = cluster();
        for (long turn = -20; turn < 20; turn++) {
            assertThat(Router.choose(all, Hint.SPREAD, Set.of(), turn, random))
                    .hasValue(all.get((int) Math.floorMod(turn, (long) all.size()))
                            .node());
        }
    }
}
