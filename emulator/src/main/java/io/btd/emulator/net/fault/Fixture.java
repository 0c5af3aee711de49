// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.emulator.net.history.Outcome;
import io.btd.emulator.net.history.RecordedCluster;
import java.util.ArrayList;
import java.util.List;

/// What clients find when they begin, published for good before anything is broken: on every node words to count with,
/// slots of each client's own, slots that all share, and tokens: blocks that are only pointed to.
///
/// @param words addresses of words that hold numbers
/// @param slots per client, addresses of words that hold pointers
/// @param shared addresses of words that hold pointers to tokens
/// @param tokens blocks that live for good
/// @param blocks everything above as the blocks that it lies in
record Fixture(List<Long> words, List<List<Long>> slots, List<Long> shared, List<Long> tokens, List<Long> blocks) {
    /// Names that all share, and that lead to tokens or nothing.
    static final List<String> SHARED_NAMES = List.of("shared-0", "shared-1", "shared-2", "shared-3");

    private static final int WORDS_PER_NODE = 4;
    private static final int SLOTS_PER_CLIENT = 4;
    private static final int SHARED_PER_NODE = 2;
    private static final int TOKENS_PER_NODE = 3;
    private static final long TOKEN = 32;

    /// Makes it.
    ///
    /// @throws IllegalStateException when a call does not succeed: nothing is broken yet
    static Fixture make(RecordedCluster cluster, List<Integer> nodes, int clients) {
        Fixture fixture = new Fixture(
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int client = 0; client < clients; client++) {
            fixture.slots.add(new ArrayList<>());
        }
        for (int node : nodes) {
            addWords(
                    fixture.words, fixture.block(cluster, node, "words", WORDS_PER_NODE, Alloc.OPAQUE), WORDS_PER_NODE);
            addWords(
                    fixture.shared,
                    fixture.block(cluster, node, "pointers", SHARED_PER_NODE, Alloc.POINTERS),
                    SHARED_PER_NODE);
            for (int client = 0; client < clients; client++) {
                long slots = fixture.block(cluster, node, "slots-" + client, SLOTS_PER_CLIENT, Alloc.POINTERS);
                addWords(fixture.slots.get(client), slots, SLOTS_PER_CLIENT);
            }
            for (int i = 0; i < TOKENS_PER_NODE; i++) {
                fixture.tokens.add(fixture.block(cluster, node, "token-" + i, TOKEN / Long.BYTES, Alloc.POINTERS));
            }
        }
        return fixture;
    }

    private long block(RecordedCluster cluster, int node, String name, long words, Alloc alloc) {
        long block = must(cluster.malloc(words * Long.BYTES, alloc, (BtdCluster all) -> all.on(node)));
        must(cluster.rootPut("fixture-" + node + "-" + name, block));
        blocks.add(block);
        return block;
    }

    private static void addWords(List<Long> addresses, long block, int words) {
        for (int i = 0; i < words; i++) {
            addresses.add(block + (long) i * Long.BYTES);
        }
    }

    private static <T> T must(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T>(T answer)) {
            return answer;
        }
        throw new IllegalStateException("a whole cluster refused a call: outcome=" + outcome);
    }

    /// Every word that holds a pointer.
    List<Long> pointerWords() {
        List<Long> all = new ArrayList<>(shared);
        slots.forEach(all::addAll);
        return all;
    }
}
