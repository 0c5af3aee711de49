// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.Arrays;
import java.util.List;

/// Sequences that random scripts find late, each run with many seeds: what crashes leave differs by seed.
/// Add one when a mutant or a bug was hard to find.
final class Scenarios {
    private static final int SEEDS = 24;

    private static final List<String> SCRIPTS = List.of(
            // a block published by a pointer in another
            "keep/small:1,put:0,large:0,link:0",
            // a block of pages, unlinked and freed
            "keep/large:0,small:1,put:0,link:0,replace:0",
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
            // a layout's record in two sectors of a page
            "keep/layout:0,small:2,put:0,small:0,link:0",
            // pages that change hands
            "keep/large:0,put:0,remove:0,free:0,small:2,put:1,crash:0,large:1,put:0",
            // a block that holds a pointer to a freed one, reused for pointers
            "keep/small:0,small:0,free:0,free:0,small:1,put:0,crash:0,small:1,link:0",
            // sessions that need a second chunk of records, one of them opened by another thread
            "keep+node/session:0,session:0,session:0,~session:0,end:0,session:0",
            // a held block in memory that held something before
            "keep+node/session:0,small:1,copy:0,free:0,small:1",
            // a held block, torn by nothing, declared and published after the crash
            "keep+node/session:0,small:4,copy:3,crash:0,declare:0,decide:0,put:0",
            "keep+node/session:0,small:1,small:3,large:1,crash:0,declare:1,small:1,decide:0,put:0,crash:0,decide:0",
            // what is freed before the decision is not reused before it
            "keep+node/session:0,small:0,large:0,put:0,crash:0,remove:0,free:0,small:0,declare:0,free:0,decide:0,small:0",
            "wipe+node/session:0,small:4,large:0,crash:0,declare:0,decide:0,large:0",
            // a crash of the decision, and one before it
            "keep+node/session:0,large:1,small:0,crash:0,decide:0,crash:0,reopen:0",
            "keep+node/session:0,small:0,small:4,crash:0,declare:0,crash:0,declare:0,end:0,decide:0",
            // exported blocks stay
            "keep+node/small:0,export:0,put:0,remove:0,small:0,crash:0,reopen:0,crash:0",
            "keep+node/session:0,large:0,~export:0,small:1,export:1,crash:0,decide:0,reopen:0",
            // limbo, an orderly close around it, and a session that goes on
            "wipe+node/session:0,small:4,limbo:0,small:4,home:0,small:4,reopen:0",
            "keep+node/session:0,small:4,small:4,limbo:0,large:0,limbo:0,reopen:0,declare:0,decide:0,end:0,reopen:0");

    private Scenarios() {}

    static int count() {
        return SCRIPTS.size() * SEEDS;
    }

    static Script script(int number) {
        String[] parts = SCRIPTS.get(number % SCRIPTS.size()).split("/", -1);
        List<Step> steps =
                Arrays.stream(parts[1].split(",", -1)).map(Step::parse).toList();
        return new Script(steps, parts[0].contains("wipe"), parts[0].contains("node"), number + 1L);
    }
}
