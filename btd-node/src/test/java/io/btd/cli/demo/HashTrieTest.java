// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The trie against a Java map, with good hashes and with bad ones.
class HashTrieTest {
    private final StrictCluster cluster = new StrictCluster();
    private final NodeImage image = new NodeImage(cluster);
    private final IndexHead head =
            IndexHead.create(cluster, image, RawPath.of("/".getBytes(StandardCharsets.US_ASCII)));
    private final HashTrie trie = new HashTrie(cluster, image, head.documents(), Leaf.OF_DOCUMENT);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void agreesWithAMap() {
        agreesWithAMap(TrieKey::of, 4000);
    }

    @Test
    void agreesWithAMapWhenAllHashesCollide() {
        agreesWithAMap(key -> new TrieKey(key, 42), 400);
    }

    @Test
    void agreesWithAMapWhenHashesDifferLate() {
        agreesWithAMap(key -> new TrieKey(key, key.length > 0 ? key[0] << 1 : 0), 1000);
    }

    private void agreesWithAMap(Function<byte[], TrieKey> hash, int operations) {
        long seed = Seeds.next();
        Random random = new Random(seed);
        Map<String, Long> model = new HashMap<>();
        for (int i = 0; i < operations; i++) {
            String name = Integer.toString(random.nextInt(operations / 4), 7);
            TrieKey key = hash.apply(bytes(name));
            HashTrie.Place place = trie.find(key);
            assertThat(place.found()).as("seed %d", seed).isEqualTo(model.containsKey(name));
            if (random.nextInt(3) > 0) {
                long before = place.found() ? place.leaf() : 0;
                long leaf = Leaf.document(image, key, i, i);
                trie.put(place, key, leaf);
                if (before != 0) {
                    cluster.free(before);
                }
                model.put(name, leaf);
            } else if (place.found()) {
                long leaf = place.leaf();
                trie.prune(l -> l == leaf);
                model.remove(name);
            }
        }
        check(hash, model);
        long branches = trie.validate();
        trie.prune(leaf -> false);
        assertThat(trie.validate()).as("a canonical shape").isEqualTo(branches);
        trie.prune(leaf -> true);
        assertThat(cluster.blocks()).as("the head alone").isEqualTo(1);
    }

    private void check(Function<byte[], TrieKey> hash, Map<String, Long> model) {
        model.forEach((name, leaf) ->
                assertThat(trie.get(hash.apply(bytes(name)))).as(name).isEqualTo(leaf));
        Set<Long> seen = new HashSet<>();
        trie.forEach(leaf -> assertThat(seen.add(leaf)).isTrue());
        assertThat(seen).isEqualTo(new HashSet<>(model.values()));
        assertThat(trie.get(hash.apply(bytes("absent")))).isZero();
        assertThat(cluster.recover()).as("unreachable blocks").isZero();
    }

    @Test
    void prefixesAndTheEmptyKeyPart() {
        String name = "";
        for (int i = 0; i < 40; i++) {
            TrieKey key = new TrieKey(bytes(name), 7);
            trie.put(trie.find(key), key, Leaf.document(image, key, i, 0));
            name += '\0';
        }
        Set<Integer> lengths = new HashSet<>();
        trie.forEach(leaf -> lengths.add(Leaf.OF_DOCUMENT.key(cluster, leaf).bytes().length));
        assertThat(lengths).hasSize(40);
        trie.validate();
    }

    @Test
    void aFullArenaLeavesTheTrieAsItWas() {
        TrieKey first = new TrieKey(bytes("a"), 7);
        TrieKey second = new TrieKey(bytes("b"), 7);
        trie.put(trie.find(first), first, Leaf.document(image, first, 0, 0));
        long leaf = Leaf.document(image, second, 0, 0);
        int before = cluster.blocks();
        cluster.limit(500);
        assertThatThrownBy(() -> trie.put(trie.find(second), second, leaf)).isInstanceOf(BtdException.Full.class);
        assertThat(cluster.blocks()).isEqualTo(before);
        assertThat(trie.get(first)).isNotZero();
        assertThat(trie.get(second)).isZero();
    }
}
