// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {

    @Test
    void nobodyIsChosenOfNobody() {
        assertThat(Rendezvous.choose(0, List.of())).isEmpty();
    }

    @Test
    void theOrderDoesNotMatterAndTheOthersKeepTheirs() {
        for (int part = 0; part < Membership.ROOT_PARTS; part++) {
            int chosen = Rendezvous.choose(part, List.of(1, 2, 3, 4)).orElseThrow();
            assertThat(Rendezvous.choose(part, List.of(4, 2, 3, 1))).hasValue(chosen);
            List<Integer> fewer = chosen == 4 ? List.of(4, 1) : List.of(1, 2, 3);
            assertThat(Rendezvous.choose(part, fewer)).hasValue(chosen);
        }
    }

    @Test
    void theLoadIsSpread() {
        List<Integer> nodes = IntStream.rangeClosed(1, 4).boxed().toList();
        Map<Integer, Integer> parts = new TreeMap<>();
        int many = 4000;
        for (int part = 0; part < many; part++) {
            parts.merge(Rendezvous.choose(part, nodes).orElseThrow(), 1, Integer::sum);
        }
        assertThat(parts.values())
                .hasSize(4)
                .allSatisfy(count -> assertThat(count).isBetween(900, 1100));
    }
}
