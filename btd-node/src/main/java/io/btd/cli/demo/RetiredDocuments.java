// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import java.util.HashSet;
import java.util.Set;

/// How a document leaves the index and gives its memory back. Needs no memory to do so.
///
/// A document cannot be freed at once: postings all over the index refer to it. It is put on a persistent
/// list first, and [#purge] takes the postings of all listed documents away in one walk, then frees them.
/// Retiring document D is three stores, begun by one that says what is meant:
///
/// ```
///  1  retiring = D                                    linearising store
///  2  D.nextRetired = retired; retired = D            skipped if D is the first already
///  3  D was in work:     inWork = 0
///     D was in documents: its slot = the document in work if that has D's path, otherwise 0
///  4  retiring = 0
/// ```
///
/// **Crashes.** Before 1 nothing has happened. After it [#complete] runs 2 to 4 again: each step tests or
/// overwrites with what it would have written, so repeating it changes nothing. In step 3 a document in
/// work of the same path is the new version of a changed file, and complete: [InvertedIndex#add] retires the
/// old version only once the new one has all its postings, and [InvertedIndex#remove] abandons one in work
/// before it retires another of the same path. So one store replaces the old version by the new one.
///
/// While D waits on the list it is no longer in `documents`, so searches pass over its postings. [#purge]
/// frees D only after the last posting that refers to it is durably gone, and the list keeps D until then: a
/// crash anywhere in it leaves the list to be purged again. `nextRetired` is written once and dies with D.
final class RetiredDocuments {
    private final BtdCluster cluster;
    private final IndexHead head;
    private final HashTrie terms;
    private final HashTrie documents;

    RetiredDocuments(BtdCluster cluster, IndexHead head, HashTrie terms, HashTrie documents) {
        this.cluster = cluster;
        this.head = head;
        this.terms = terms;
        this.documents = documents;
    }

    /// Takes `document` out of the index.
    void retire(long document) {
        cluster.publish(head.retiring(), document); // the linearising store
        complete();
    }

    /// Completes what [#retire] began, if anything.
    void complete() {
        long document = cluster.getLong(head.retiring());
        if (document == GlobalPointer.NULL) {
            return;
        }
        if (cluster.getLong(head.retired()) != document) {
            cluster.putPointer(document + Leaf.LINK, cluster.getLong(head.retired()));
            cluster.publish(head.retired(), document);
        }
        long inWork = cluster.getLong(head.inWork());
        if (inWork == document) {
            cluster.putPointer(head.inWork(), GlobalPointer.NULL);
        }
        HashTrie.Place place = documents.find(Leaf.OF_DOCUMENT.key(cluster, document));
        if (place.found() && place.leaf() == document) {
            cluster.putPointer(place.slot(), isNewVersion(inWork, document) ? inWork : GlobalPointer.NULL);
        }
        cluster.putPointer(head.retiring(), GlobalPointer.NULL);
    }

    private boolean isNewVersion(long inWork, long document) {
        return inWork != GlobalPointer.NULL
                && inWork != document
                && Leaf.OF_DOCUMENT.has(cluster, inWork, Leaf.OF_DOCUMENT.key(cluster, document));
    }

    /// The documents on the list.
    Set<Long> list() {
        Set<Long> retired = new HashSet<>();
        for (long d = cluster.getLong(head.retired()); d != GlobalPointer.NULL; d = cluster.getLong(d + Leaf.LINK)) {
            retired.add(d);
        }
        return retired;
    }

    /// Frees every retired document and everything that only they needed: their postings, terms nothing else
    /// holds, branches that part nothing any more. Walks the whole index, unless nothing is retired.
    ///
    /// @return how many documents were freed
    int purge() {
        Set<Long> retired = list();
        if (retired.isEmpty()) {
            return 0;
        }
        terms.prune(term -> Postings.purge(cluster, term + Leaf.LINK, retired::contains));
        documents.prune(document -> false);
        for (long d = cluster.getLong(head.retired()); d != GlobalPointer.NULL; d = cluster.getLong(head.retired())) {
            cluster.unlinkAndFree(head.retired(), d, cluster.getLong(d + Leaf.LINK));
        }
        return retired.size();
    }
}
