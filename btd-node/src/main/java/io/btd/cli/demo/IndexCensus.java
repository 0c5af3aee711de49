// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// The validator of an index, and what it counted on its walk.
///
/// @param documents files that are in the index
/// @param waiting documents that are not: in work, or retired and not yet freed
/// @param terms different words
/// @param postings pairs of a word and a document that holds it
/// @param branches of both tries
public record IndexCensus(long documents, long waiting, long terms, long postings, long branches) {

    /// How many blocks the index is made of, its head included.
    public long blocks() {
        return 1 + documents + waiting + terms + postings + branches;
    }

    static IndexCensus take(BtdCluster cluster, IndexHead head, HashTrie terms, HashTrie documents, Set<Long> retired) {
        long branches = terms.validate() + documents.validate();
        Set<Long> complete = new HashSet<>();
        documents.forEach(complete::add);
        Set<Long> waiting = new HashSet<>(retired);
        waiting.add(cluster.getLong(head.inWork()));
        waiting.add(cluster.getLong(head.retiring()));
        waiting.remove(GlobalPointer.NULL);
        waiting.removeAll(complete);
        long[] counts = new long[2];
        terms.forEach(term -> {
            counts[0]++;
            String word = new String(Leaf.OF_TERM.key(cluster, term).bytes(), StandardCharsets.US_ASCII);
            require(Tokens.isToken(word) && Tokens.normalise(word).equals(word), "not a word", term);
            Set<Long> seen = new HashSet<>();
            Postings.forEach(cluster, term + Leaf.LINK, document -> {
                counts[1]++;
                require(seen.add(document), "document twice in the list of a term", document);
                require(
                        complete.contains(document) || waiting.contains(document),
                        "posting of a document nobody knows",
                        document);
            });
        });
        return new IndexCensus(complete.size(), waiting.size(), counts[0], counts[1], branches);
    }

    private static void require(boolean holds, String what, long block) {
        if (!holds) {
            throw new IllegalStateException(what + ": block=" + GlobalPointer.toString(block) + "; report this");
        }
    }
}
