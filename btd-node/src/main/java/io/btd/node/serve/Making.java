// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.GlobalPointer;
import io.btd.node.session.Holdings;
import java.util.Arrays;

/// A request while it is made: for whom, under which number, and which blocks it published. For one thread.
final class Making {
    private final Holdings holdings;
    private final int session;
    private final long id;
    private final boolean exported;
    private long[] published = {};
    private int count;

    /// @param exported whether pointers to other nodes' blocks were exported there
    Making(Holdings holdings, int session, long id, boolean exported) {
        this.holdings = holdings;
        this.session = session;
        this.id = id;
        this.exported = exported;
    }

    boolean exported() {
        return exported;
    }

    /// The session becomes the holder of a block that was just allocated; false when somebody has freed it already.
    boolean hold(long block) {
        return holdings.hold(block, session, id);
    }

    /// The session becomes one of the holders.
    void adopt(long block) {
        holdings.adopt(block, session, id);
    }

    /// The session holds a block since before the node died; false when it does not live.
    boolean declare(long block) {
        return holdings.tag(block, session) >= 0 || holdings.declare(block, session, id);
    }

    void free(long block) {
        holdings.free(block, session);
    }

    void released(long block) {
        holdings.released(block, session, id);
    }

    /// The block can be reached from now on. When the session has seen that, it does not hold it any more.
    void published(long block) {
        long tag = block == GlobalPointer.NULL ? -1 : holdings.tag(block, session);
        if (tag < 0) {
            return;
        }
        if (count == published.length) {
            published = Arrays.copyOf(published, Math.max(2, 2 * count));
        }
        published[count++] = block;
        published[count++] = tag;
    }

    /// Pairs of a block and the tag it was held under.
    long[] published() {
        return Arrays.copyOf(published, count);
    }
}
