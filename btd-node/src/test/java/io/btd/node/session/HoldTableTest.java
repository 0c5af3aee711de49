// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.node.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HoldTableTest {
    private final HoldTable table = new HoldTable();

    @Test
    void holdsWhatAModelHolds() {
        SplittableRandom random = Seed.roll();
        Map<Long, Set<Integer>> model = new HashMap<>();
        int size = 0;
        for (int step = 0; step < 40_000; step++) {
            long block = 16L * (1 + random.nextInt(step % 20_000 < 10_000 ? 600 : 8)) << 3;
            int session = random.nextInt(4);
            Set<Integer> holders = model.computeIfAbsent(block, _ -> new HashSet<>());
            if (random.nextInt(5) < (step / 5000 % 2 == 0 ? 3 : 1)) {
                if (holders.add(session)) {
                    table.add(block, HoldTable.hold(session, step));
                    size++;
                }
            } else if (holders.remove(session)) {
                table.remove(table.find(block, session));
                size--;
            }
            assertThat(table.size()).isEqualTo(size);
            assertThat(holdersOf(block)).containsExactlyInAnyOrderElementsOf(holders);
        }
        model.forEach((block, holders) -> assertThat(holdersOf(block)).containsExactlyInAnyOrderElementsOf(holders));
    }

    private List<Integer> holdersOf(long block) {
        List<Integer> found = new ArrayList<>();
        for (int place = table.first(block); place >= 0; place = table.next(place)) {
            found.add(HoldTable.session(table.holdAt(place)));
        }
        return found;
    }

    @Test
    void aHoldKeepsItsFieldsApart() {
        long hold = HoldTable.hold(65_535, HoldTable.TAG) | HoldTable.LIMBO;
        assertThat(HoldTable.session(hold)).isEqualTo(65_535);
        assertThat(hold & HoldTable.TAG).isEqualTo((1L << 47) - 1);
        assertThat(HoldTable.inLimbo(hold)).isTrue();
        assertThat(HoldTable.inLimbo(HoldTable.hold(65_535, -1))).isFalse();
    }
}
