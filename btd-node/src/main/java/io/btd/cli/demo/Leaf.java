// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The two kinds of leaves of a [HashTrie]: what has a name. All fields are persistent and, but for `link`,
/// never change.
///
/// ```
///  offset  term                        document
///  0       hash of the key, odd        hash of the key, odd
///  8       link -> newest posting      link -> next retired document
///  16      length of the key           length of the key
///  24      the word                    size of the file in bytes
///  32                                  modification time, ns since 1970
///  40                                  the path, relative to the directory
/// ```
final class Leaf {
    /// Where the hash is.
    static final long HASH = 0;

    /// Where the one pointer is.
    static final long LINK = 8;

    private static final long LENGTH = 16;
    private static final long WORD_KEY = 24;
    private static final long SIZE = 24;
    private static final long MODIFIED = 32;
    private static final long PATH_KEY = 40;

    private static final Layout TERM = Layout.of(
            0xb7d3,
            1,
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("hash"),
                    GlobalPointer.LAYOUT.withName("postings"),
                    ValueLayout.JAVA_LONG.withName("length")));

    private static final Layout DOCUMENT = Layout.of(
            0xb7d4,
            1,
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("hash"),
                    GlobalPointer.LAYOUT.withName("nextRetired"),
                    ValueLayout.JAVA_LONG.withName("length"),
                    ValueLayout.JAVA_LONG.withName("size"),
                    ValueLayout.JAVA_LONG.withName("modified")));

    /// Where the key begins in a term.
    static final Leaf OF_TERM = new Leaf(WORD_KEY);

    /// Where the key begins in a document.
    static final Leaf OF_DOCUMENT = new Leaf(PATH_KEY);

    private final long keyOffset;

    private Leaf(long keyOffset) {
        this.keyOffset = keyOffset;
    }

    /// Stores a term whose list of postings begins with `posting`; nobody reaches it yet.
    static long term(NodeImage image, TrieKey word, long posting) {
        return image.start(WORD_KEY + word.bytes().length)
                .word(HASH, word.hash())
                .word(LINK, posting)
                .word(LENGTH, word.bytes().length)
                .bytes(WORD_KEY, word.bytes())
                .store(TERM);
    }

    /// Stores a document; nobody reaches it yet.
    static long document(NodeImage image, TrieKey path, long size, long modified) {
        return image.start(PATH_KEY + path.bytes().length)
                .word(HASH, path.hash())
                .word(LENGTH, path.bytes().length)
                .word(SIZE, size)
                .word(MODIFIED, modified)
                .bytes(PATH_KEY, path.bytes())
                .store(DOCUMENT);
    }

    /// Whether a document describes a file of this size and time.
    static boolean isStamped(BtdCluster cluster, long document, long size, long modified) {
        return cluster.getLong(document + SIZE) == size && cluster.getLong(document + MODIFIED) == modified;
    }

    /// The key of a leaf of this kind.
    TrieKey key(BtdCluster cluster, long leaf) {
        byte[] key = new byte[Math.toIntExact(cluster.getLong(leaf + LENGTH))];
        if (key.length > 0) {
            cluster.read(leaf + keyOffset, MemorySegment.ofArray(key));
        }
        return new TrieKey(key, cluster.getLong(leaf + HASH));
    }

    /// Whether a leaf of this kind has `key`.
    boolean has(BtdCluster cluster, long leaf, TrieKey key) {
        return cluster.getLong(leaf + HASH) == key.hash()
                && cluster.getLong(leaf + LENGTH) == key.bytes().length
                && key(cluster, leaf).equals(key);
    }
}
