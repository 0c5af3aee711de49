// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import java.lang.foreign.MemoryLayout;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// The documents that hold a term: a linked list, the newest first. All fields are persistent and, but for
/// `next` when a dead neighbour goes, never change.
///
/// ```
///  posting  0   next
///           8   document
/// ```
final class Postings {
    private static final long DOCUMENT = 8;
    private static final long SIZE = 16;

    private static final Layout LAYOUT = Layout.of(
            0xb7d5,
            1,
            MemoryLayout.structLayout(
                    GlobalPointer.LAYOUT.withName("next"), GlobalPointer.LAYOUT.withName("document")));

    private Postings() {}

    /// Stores a posting in front of `next`; nobody reaches it yet.
    static long store(NodeImage image, long next, long document) {
        return image.start(SIZE).word(0, next).word(DOCUMENT, document).store(LAYOUT);
    }

    /// The document of a posting.
    static long document(BtdCluster cluster, long posting) {
        return cluster.getLong(posting + DOCUMENT);
    }

    /// Shows the document of every posting in the list at `head`.
    static void forEach(BtdCluster cluster, long head, LongConsumer visitor) {
        for (long p = cluster.getLong(head); p != GlobalPointer.NULL; p = cluster.getLong(p)) {
            visitor.accept(document(cluster, p));
        }
    }

    /// Unlinks and frees the postings of `dead` documents in the list at `head`, each by one
    /// failure-atomic step.
    ///
    /// @return whether the list is empty afterwards
    static boolean purge(BtdCluster cluster, long head, LongPredicate dead) {
        long slot = head;
        for (long p = cluster.getLong(slot); p != GlobalPointer.NULL; p = cluster.getLong(slot)) {
            if (dead.test(document(cluster, p))) {
                cluster.unlinkAndFree(slot, p, cluster.getLong(p));
            } else {
                slot = p;
            }
        }
        return cluster.getLong(head) == GlobalPointer.NULL;
    }
}
