// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// A persistent map from names to leaves: a tree of fixed-width branches, one 4-bit digit of the key's hash
/// per level ([TrieKey]). The slot that holds the tree is a word of the owner's; it leads to nothing, to a
/// leaf (first word odd) or to a branch (first word even).
///
/// ```
///  branch   0    level << 8 | 2
///           8    16 pointers, each to nothing, a leaf or a branch of the next level
/// ```
///
/// Every change is one failure-atomic pointer store, so there is no state between before and after: a leaf
/// goes into an empty slot or takes the place of its namesake; where another leaf is in the way, the branches
/// that part the two are built where nobody sees them and replace it by one `publish`; pruning replaces
/// a branch by its last leaf, or by nothing. Until that store, new blocks are held by the session only,
/// and a crash returns them. One writer; not thread-safe.
final class HashTrie {
    private static final int WIDTH = 16;
    private static final long CHILDREN = 8;
    private static final long BRANCH_TAG = 2;
    private static final long BRANCH_SIZE = CHILDREN + 8L * WIDTH;

    private static final Layout BRANCH = Layout.of(
            0xb7d2,
            1,
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("tag"),
                    MemoryLayout.sequenceLayout(WIDTH, GlobalPointer.LAYOUT).withName("children")));

    private final BtdCluster cluster;
    private final NodeImage image;
    private final long root;
    private final Leaf kind;

    /// The tree in the word at `root`.
    HashTrie(BtdCluster cluster, NodeImage image, long root, Leaf kind) {
        this.cluster = cluster;
        this.image = image;
        this.root = root;
        this.kind = kind;
    }

    /// Where a search ended.
    ///
    /// @param slot the word that decides about the key
    /// @param level of the branch a split there would need
    /// @param leaf what the word leads to, or 0
    /// @param found whether that leaf has the key
    record Place(long slot, int level, long leaf, boolean found) {}

    /// Looks for `key`.
    Place find(TrieKey key) {
        long slot = root;
        for (int level = 0; ; level++) {
            long node = cluster.getLong(slot);
            if (node == GlobalPointer.NULL) {
                return new Place(slot, level, node, false);
            }
            if (isLeaf(node)) {
                return new Place(slot, level, node, kind.has(cluster, node, key));
            }
            slot = child(node, key.digit(level));
        }
    }

    /// The leaf called `key`, or 0.
    long get(TrieKey key) {
        Place place = find(key);
        return place.found() ? place.leaf() : GlobalPointer.NULL;
    }

    /// Puts `leaf` where `find(key)` ended; a leaf of the same key is replaced, not freed.
    ///
    /// @throws io.btd.api.BtdException.Full when there is no room for a branch; nothing has changed
    void put(Place place, TrieKey key, long leaf) {
        if (place.found() || place.leaf() == GlobalPointer.NULL) {
            cluster.publish(place.slot(), leaf); // the linearising store
        } else {
            split(place, key, leaf);
        }
    }

    private void split(Place place, TrieKey key, long leaf) {
        TrieKey other = kind.key(cluster, place.leaf());
        int level = place.level();
        while (other.digit(level) == key.digit(level)) {
            level++;
        }
        Deque<Long> built = new ArrayDeque<>();
        try {
            built.push(begin(level)
                    .word(child(0, other.digit(level)), place.leaf())
                    .word(child(0, key.digit(level)), leaf)
                    .store(BRANCH));
            while (level-- > place.level()) {
                long below = built.getFirst();
                built.push(begin(level).word(child(0, key.digit(level)), below).store(BRANCH));
            }
            cluster.publish(place.slot(), built.getFirst()); // the linearising store
        } catch (BtdException.Full refused) { // anything else: it may have been published
            built.forEach(cluster::free);
            throw refused;
        }
    }

    private NodeImage begin(int level) {
        return image.start(BRANCH_SIZE).word(0, (long) level << 8 | BRANCH_TAG);
    }

    /// Shows every leaf, in the order of the hashes.
    void forEach(LongConsumer visitor) {
        visit(root, visitor);
    }

    private void visit(long slot, LongConsumer visitor) {
        long node = cluster.getLong(slot);
        if (node == GlobalPointer.NULL) {
            return;
        }
        if (isLeaf(node)) {
            visitor.accept(node);
            return;
        }
        for (int i = 0; i < WIDTH; i++) {
            visit(child(node, i), visitor);
        }
    }

    /// Unlinks and frees every leaf that is `dead`, and every branch with less than two leaves below it:
    /// afterwards the shape depends on the keys alone.
    void prune(LongPredicate dead) {
        prune(root, dead);
    }

    private void prune(long slot, LongPredicate dead) {
        long node = cluster.getLong(slot);
        if (node == GlobalPointer.NULL) {
            return;
        }
        if (isLeaf(node)) {
            if (dead.test(node)) {
                cluster.unlinkAndFree(slot, node, GlobalPointer.NULL);
            }
            return;
        }
        int children = 0;
        long last = GlobalPointer.NULL;
        for (int i = 0; i < WIDTH; i++) {
            prune(child(node, i), dead);
            long child = cluster.getLong(child(node, i));
            if (child != GlobalPointer.NULL) {
                children++;
                last = child;
            }
        }
        if (children == 0 || (children == 1 && isLeaf(last))) {
            cluster.unlinkAndFree(slot, node, last);
        }
    }

    /// Walks the whole tree and checks it: every branch says its level, every leaf is where its key leads.
    ///
    /// @return how many branches there are
    /// @throws IllegalStateException naming the first thing that is wrong
    long validate() {
        return validate(root, 0, new int[64]);
    }

    private long validate(long slot, int level, int[] digits) {
        long node = cluster.getLong(slot);
        if (node == GlobalPointer.NULL) {
            return 0;
        }
        if (isLeaf(node)) {
            TrieKey key = kind.key(cluster, node);
            for (int i = 0; i < level; i++) {
                require(key.digit(i) == digits[i], "leaf in the wrong place", node, level);
            }
            return 0;
        }
        require(cluster.getLong(node) == ((long) level << 8 | BRANCH_TAG), "branch of another level", node, level);
        int[] path = level < digits.length ? digits : Arrays.copyOf(digits, 2 * level);
        long branches = 1;
        for (int i = 0; i < WIDTH; i++) {
            path[level] = i;
            branches += validate(child(node, i), level + 1, path);
        }
        return branches;
    }

    private static void require(boolean holds, String what, long node, int level) {
        if (!holds) {
            throw new IllegalStateException(
                    what + ": node=" + GlobalPointer.toString(node) + ", level=" + level + "; report this");
        }
    }

    private boolean isLeaf(long node) {
        return (cluster.getLong(node) & 1) == 1;
    }

    private static long child(long node, int digit) {
        return node + CHILDREN + 8L * digit;
    }
}
