// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.Arrays;
import java.util.List;

/// Sequences that random scripts find late, each run with many seeds: what crashes leave differs by seed.
/// Add one when a mutant or a bug was hard to find.
final class Scenarios {
    private static final int SEEDS = 24;

    private static final List<String> SCRIPTS = List.of(
            // a write without a log into a block that is reachable
            "keep/small:4,put:0,write:1",
            // a block nobody wrote to, published by another thread than the one that made its superblock
            "keep/small:6,~put:0",
            // a record that was applied, and then a newer word by another thread
            "keep/small:0,put:0,copy:1,~add:0",
            // a replayed record, and then a newer word by another thread
            "keep/small:0,put:0,copy:1,crash:0,~add:0",
            "keep/small:4,put:0,copy:3,crash:0,~add:1",
            // a reclaimed block beside one that stays
            "wipe/small:0,put:0,small:0,small:0,crash:0",
            "wipe/small:4,put:0,small:4,free:0,small:4,crash:0,small:0",
            // a layout made known by a malloc that found no room, then used by another thread
            "keep/small:1,put:0,fill:0,small:2,~drain:0,~small:2,~link:0",
            "keep/small:1,put:0,fill:0,small:8,~drain:0,~small:8,~link:0",
            // pages that change hands
            "keep/large:0,put:0,remove:0,free:0,small:2,put:1,crash:0,large:1,put:0",
            // a block that holds a pointer to a freed one, reused for pointers
            "keep/small:0,small:0,free:0,free:0,small:1,put:0,crash:0,small:1,link:0");

    private Scenarios() {}

    static int count() {
        return SCRIPTS.size() * SEEDS;
    }

    static Script script(int number) {
        String[] parts = SCRIPTS.get(number % SCRIPTS.size()).split("/", -1);
        List<Step> steps =
                Arrays.stream(parts[1].split(",", -1)).map(Step::parse).toList();
        return new Script(steps, parts[0].equals("wipe"), number + 1L);
    }
}
