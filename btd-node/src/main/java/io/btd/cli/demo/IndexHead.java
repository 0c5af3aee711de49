// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The anchor of an index, published under the root [#NAME]. All fields are persistent.
///
/// ```
///  0    format, 1
///  8    terms      -> trie of terms, by word
///  16   documents  -> trie of documents that are complete, by path
///  24   inWork     -> the document whose postings are being added, or 0
///  32   retiring   -> the document that is moving to the retired ones, or 0
///  40   retired    -> list of retired documents, linked by their second word
///  48   length of the directory's path
///  56   the directory's path, absolute
/// ```
///
/// @param address of the block
record IndexHead(long address) {
    /// The name under which an arena's index is published.
    static final String NAME = "btd-demo-index";

    private static final long FORMAT = 1;
    private static final long LENGTH = 48;
    private static final long DIRECTORY = 56;

    private static final Layout LAYOUT = Layout.of(
            0xb7d1,
            1,
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("format"),
                    MemoryLayout.sequenceLayout(5, GlobalPointer.LAYOUT).withName("anchors"),
                    ValueLayout.JAVA_LONG.withName("length")));

    /// Stores and publishes an empty index of `directory`.
    static IndexHead create(BtdCluster cluster, NodeImage image, RawPath directory) {
        byte[] path = directory.bytes();
        long block = image.start(DIRECTORY + path.length)
                .word(0, FORMAT)
                .word(LENGTH, path.length)
                .bytes(DIRECTORY, path)
                .store(LAYOUT);
        cluster.roots().put(NAME, block);
        return new IndexHead(block);
    }

    /// The directory this index describes.
    RawPath directory(BtdCluster cluster) {
        byte[] path = new byte[Math.toIntExact(cluster.getLong(address + LENGTH))];
        cluster.read(address + DIRECTORY, MemorySegment.ofArray(path));
        return RawPath.of(path);
    }

    /// Whether this program can read the index.
    boolean isKnownFormat(BtdCluster cluster) {
        return cluster.getLong(address) == FORMAT;
    }

    /// The word that holds the terms.
    long terms() {
        return address + 8;
    }

    /// The word that holds the documents.
    long documents() {
        return address + 16;
    }

    /// The word that holds the document in work.
    long inWork() {
        return address + 24;
    }

    /// The word that holds the document being retired.
    long retiring() {
        return address + 32;
    }

    /// The word that holds the retired documents.
    long retired() {
        return address + 40;
    }
}
