// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A full-text index in persistent memory: words lead to the files that hold them. One writer, not
/// thread-safe.
///
/// A file is in the index if and only if the trie of documents leads from its path to a document; postings
/// of other documents are passed over. So a file appears, and replaces its former version, by one pointer
/// store. Indexing file F:
///
/// ```
///  1  inWork = new document of F                       it has an owner from now on
///  2  per word: the term's list = new posting -> list  unless its first posting is this document's;
///     or:       a new term with its first posting      enters the trie by one store
///  3  documents[F] = document                          linearising store: F is acknowledged after it
///     or, over an older version: RetiredDocuments      which puts it in the old one's slot
///  4  inWork = 0
/// ```
///
/// **Crashes.** Each line is one failure-atomic store into the live structure; a block that was not linked
/// yet is unreachable and comes back with recovery. A crash
///
/// * before 1 has changed nothing;
/// * in 2 leaves a document that is not in `documents`: invisible. If F is still the same file, the next run
///   goes on with it. Only one document is in work at a time and lists grow at the front, so "the first posting
///   is this document's" tells exactly which words are done, and no word gets a second posting. If F has
///   changed or gone, the document is retired and its postings purged: nothing of it stays;
/// * in 3, within the change of versions, is completed when the index is opened for writing;
/// * between 3 and 4 leaves F complete and still in work: opening for writing clears the slot.
///
/// So each run begins with at most one unfinished document, whatever happened before; every acknowledged
/// file stays; and a run that is not killed ends with the documents of the files that are there and with
/// nothing else.
public final class InvertedIndex {
    private final BtdCluster cluster;
    private final NodeImage image;
    private final IndexHead head;
    private final HashTrie terms;
    private final HashTrie documents;
    private final RetiredDocuments retired;

    private InvertedIndex(BtdCluster cluster, NodeImage image, IndexHead head) {
        this.cluster = cluster;
        this.image = image;
        this.head = head;
        this.terms = new HashTrie(cluster, image, head.terms(), Leaf.OF_TERM);
        this.documents = new HashTrie(cluster, image, head.documents(), Leaf.OF_DOCUMENT);
        this.retired = new RetiredDocuments(cluster, head, terms, documents);
    }

    /// The index in this cluster, if there is one that this program understands. Changes nothing; such an
    /// index can be searched even where a killed run has left work behind.
    public static Optional<InvertedIndex> find(BtdCluster cluster) {
        IndexHead head = new IndexHead(cluster.roots().get(IndexHead.NAME));
        return head.address() != GlobalPointer.NULL && head.isKnownFormat(cluster)
                ? Optional.of(new InvertedIndex(cluster, new NodeImage(cluster), head))
                : Optional.empty();
    }

    /// The index in this cluster, ready for changes; an empty one of `directory` where there is none. The
    /// caller checks [#directory].
    public static InvertedIndex openOrCreate(BtdCluster cluster, RawPath directory) {
        InvertedIndex index = find(cluster).orElseGet(() -> {
            NodeImage image = new NodeImage(cluster);
            return new InvertedIndex(cluster, image, IndexHead.create(cluster, image, directory));
        });
        index.settle();
        return index;
    }

    /// Completes the last step of a killed run.
    void settle() {
        retired.complete();
        long inWork = cluster.getLong(head.inWork());
        if (inWork != GlobalPointer.NULL && documents.get(Leaf.OF_DOCUMENT.key(cluster, inWork)) == inWork) {
            cluster.putPointer(head.inWork(), GlobalPointer.NULL);
        }
    }

    /// The directory whose files are indexed.
    public RawPath directory() {
        return head.directory(cluster);
    }

    /// Whether the file at `path` is in the index.
    public boolean contains(RawPath path) {
        return documents.get(TrieKey.of(path.bytes())) != GlobalPointer.NULL;
    }

    /// Whether the file at `path` is in the index as it was at this size and time.
    boolean isCurrent(RawPath path, long size, long modified) {
        long document = documents.get(TrieKey.of(path.bytes()));
        return document != GlobalPointer.NULL && Leaf.isStamped(cluster, document, size, modified);
    }

    /// Indexes a file, in place of its former version if there is one. On return it is in the index for good.
    ///
    /// @throws io.btd.api.BtdException.Full when the arena has no room; the former version stays, and the
    ///     next call for the same file goes on where this one stopped
    void add(RawPath path, long size, long modified, Collection<String> words) {
        TrieKey key = TrieKey.of(path.bytes());
        long document = begin(key, size, modified);
        for (String word : words) {
            post(TrieKey.of(word.getBytes(StandardCharsets.US_ASCII)), document);
        }
        HashTrie.Place place = documents.find(key);
        if (place.found()) {
            retired.retire(place.leaf());
        } else {
            documents.put(place, key, document); // the linearising store
        }
        cluster.putPointer(head.inWork(), GlobalPointer.NULL);
    }

    private long begin(TrieKey key, long size, long modified) {
        long inWork = cluster.getLong(head.inWork());
        if (inWork != GlobalPointer.NULL) {
            if (Leaf.OF_DOCUMENT.has(cluster, inWork, key) && Leaf.isStamped(cluster, inWork, size, modified)) {
                return inWork;
            }
            retired.retire(inWork);
        }
        long document = Leaf.document(image, key, size, modified);
        cluster.publish(head.inWork(), document);
        return document;
    }

    private void post(TrieKey word, long document) {
        HashTrie.Place place = terms.find(word);
        if (place.found()) {
            long list = place.leaf() + Leaf.LINK;
            long first = cluster.getLong(list);
            if (first == GlobalPointer.NULL || Postings.document(cluster, first) != document) {
                cluster.publish(list, Postings.store(image, first, document));
            }
            return;
        }
        long posting = Postings.store(image, GlobalPointer.NULL, document);
        long term = GlobalPointer.NULL;
        try {
            term = Leaf.term(image, word, posting);
            terms.put(place, word, term);
        } catch (BtdException.Full refused) { // anything else: nobody knows what leads where; the session's end tells
            if (term != GlobalPointer.NULL) {
                cluster.free(term);
            }
            cluster.free(posting);
            throw refused;
        }
    }

    /// Takes the file at `path` out of the index; its memory comes back with [#purge].
    ///
    /// @return whether it was there
    boolean remove(RawPath path) {
        TrieKey key = TrieKey.of(path.bytes());
        long inWork = cluster.getLong(head.inWork());
        if (inWork != GlobalPointer.NULL && Leaf.OF_DOCUMENT.has(cluster, inWork, key)) {
            retired.retire(inWork);
        }
        long document = documents.get(key);
        if (document == GlobalPointer.NULL) {
            return false;
        }
        retired.retire(document);
        return true;
    }

    /// Takes every file out of the index that is not among `present`.
    ///
    /// @return how many there were
    int retainAll(Set<RawPath> present) {
        List<RawPath> gone = new ArrayList<>(paths());
        long inWork = cluster.getLong(head.inWork());
        if (inWork != GlobalPointer.NULL) {
            gone.add(path(inWork));
        }
        gone.removeIf(present::contains);
        int removed = 0;
        for (RawPath path : gone) {
            removed += remove(path) ? 1 : 0;
        }
        return removed;
    }

    /// Frees what files that were removed or replaced have left behind.
    ///
    /// @return how many of their documents were freed
    int purge() {
        return retired.purge();
    }

    /// The files that hold `word`, sorted by the bytes of their paths.
    ///
    /// @param word one token, see [Tokens#isToken]
    public List<RawPath> search(String word) {
        List<RawPath> hits = new ArrayList<>();
        long term = terms.get(TrieKey.of(Tokens.normalise(word).getBytes(StandardCharsets.US_ASCII)));
        if (term != GlobalPointer.NULL) {
            Postings.forEach(cluster, term + Leaf.LINK, document -> {
                TrieKey key = Leaf.OF_DOCUMENT.key(cluster, document);
                if (documents.get(key) == document) {
                    hits.add(RawPath.of(key.bytes()));
                }
            });
        }
        Collections.sort(hits);
        return hits;
    }

    /// The files in the index, in no particular order.
    public List<RawPath> paths() {
        List<RawPath> paths = new ArrayList<>();
        documents.forEach(document -> paths.add(path(document)));
        return paths;
    }

    private RawPath path(long document) {
        return RawPath.of(Leaf.OF_DOCUMENT.key(cluster, document).bytes());
    }

    /// Walks the whole index, checks that it holds together, and counts it.
    ///
    /// @throws IllegalStateException naming the first thing that is wrong
    public IndexCensus census() {
        return IndexCensus.take(cluster, head, terms, documents, retired.list());
    }
}
