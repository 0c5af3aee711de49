// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.GlobalPointer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Which session may still remember which block; *rebuilt* from what sessions declare. Thread-safe; the stripe's
/// lock is held while a block is freed, so of two frees one sees what the other left. Locks: a stripe, then the heap.
///
/// Invariant: a block with an entry is never handed out by the heap. An entry carries a *tag*, the number of its
/// session's request that made it; a later life of the block has another one. In limbo the tag is the
/// highest number the session had used before it was told: only a later request can be its answer to that.
public final class Holdings {

    /// What holdings need to know of sessions, and tell them.
    public interface Holders {
        /// The highest request number that arrived of a session.
        long highestRequest(int session);

        /// A block that the session holds was freed by another. No lock is held.
        void freedByOther(int session, long block);
    }

    private static final int STRIPES = 64;

    private final HeldBlocks blocks;
    private final Holders holders;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final AtomicLong limbo = new AtomicLong();

    private static final class Stripe {
        private final ReentrantLock lock = new ReentrantLock();
        private final HoldTable table = new HoldTable();
    }

    /// Nobody holds anything.
    public Holdings(HeldBlocks blocks, Holders holders) {
        this.blocks = blocks;
        this.holders = holders;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private Stripe stripe(long block) {
        return stripes[(int) (block * 0xC2B2AE3D27D4EB4FL >>> 58)];
    }

    /// Makes the session the holder of a block the heap has just handed out; false when somebody freed it before it
    /// was held, so that it may be another's by now.
    public boolean hold(long block, int session, long tag) {
        Stripe stripe = stripe(block);
        stripe.lock.lock();
        try {
            if (stripe.table.first(block) >= 0 || !blocks.isLive(block)) {
                return false;
            }
            stripe.table.add(block, HoldTable.hold(session, tag));
            return true;
        } finally {
            stripe.lock.unlock();
        }
    }

    /// Makes the session one of the holders.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when the pointer names no allocated block
    public void adopt(long block, int session, long tag) {
        Stripe stripe = stripe(block);
        stripe.lock.lock();
        try {
            blocks.requireLive(block);
            put(stripe.table, block, session, tag);
        } finally {
            stripe.lock.unlock();
        }
    }

    /// Makes the session a holder again of a block it held when the node died; false when the block did not live.
    public boolean declare(long block, int session, long tag) {
        Stripe stripe = stripe(block);
        stripe.lock.lock();
        try {
            if (block == GlobalPointer.NULL || !blocks.declare(block)) {
                return false;
            }
            put(stripe.table, block, session, tag);
            return true;
        } finally {
            stripe.lock.unlock();
        }
    }

    private static void put(HoldTable table, long block, int session, long tag) {
        int place = table.find(block, session);
        if (place < 0) {
            table.add(block, HoldTable.hold(session, tag));
        } else {
            table.setHold(place, HoldTable.hold(session, tag));
        }
    }

    /// Frees a block for a session, which does not remember it from now on. While others hold it, it waits in limbo
    /// until they know.
    ///
    /// @throws io.btd.api.BtdException.InvalidPointer when it is not allocated; limbo is not
    /// @throws io.btd.api.BtdException.Pinned when a view of it is open
    public void free(long block, int session) {
        Stripe stripe = stripe(block);
        int[] others = {};
        stripe.lock.lock();
        try {
            int own = stripe.table.find(block, session);
            others = others(stripe.table, block, own);
            if (others.length == 0) {
                blocks.free(block);
            } else {
                blocks.unallocate(block);
                limbo.incrementAndGet();
                markLimbo(stripe.table, block, own);
            }
            if (own >= 0) {
                stripe.table.remove(own);
            }
        } finally {
            stripe.lock.unlock();
        }
        for (int other : others) {
            holders.freedByOther(other, block);
        }
    }

    private static int[] others(HoldTable table, long block, int own) {
        int count = 0;
        for (int place = table.first(block); place >= 0; place = table.next(place)) {
            count += place == own ? 0 : 1;
        }
        int[] others = new int[count];
        for (int place = table.first(block); place >= 0; place = table.next(place)) {
            if (place != own) {
                others[--count] = HoldTable.session(table.holdAt(place));
            }
        }
        return others;
    }

    private void markLimbo(HoldTable table, long block, int own) {
        for (int place = table.first(block); place >= 0; place = table.next(place)) {
            if (place != own) {
                int session = HoldTable.session(table.holdAt(place));
                table.setHold(place, HoldTable.hold(session, holders.highestRequest(session)) | HoldTable.LIMBO);
            }
        }
    }

    /// The session has heard that the block was freed. A request that was on its way before it was told says
    /// nothing of this life of the block, and is ignored.
    public void released(long block, int session, long request) {
        Stripe stripe = stripe(block);
        stripe.lock.lock();
        try {
            int place = stripe.table.find(block, session);
            if (place >= 0) {
                long hold = stripe.table.holdAt(place);
                if (HoldTable.inLimbo(hold) && (hold & HoldTable.TAG) < request) {
                    drop(stripe.table, place, block, true);
                }
            }
        } finally {
            stripe.lock.unlock();
        }
    }

    /// The tag under which a session holds a block, or -1: what [#published] is called with later.
    public long tag(long block, int session) {
        Stripe stripe = stripe(block);
        stripe.lock.lock();
        try {
            int place = stripe.table.find(block, session);
            return place < 0 || HoldTable.inLimbo(stripe.table.holdAt(place))
                    ? -1
                    : stripe.table.holdAt(place) & HoldTable.TAG;
        } finally {
            stripe.lock.unlock();
        }
    }

    /// The session has seen that a block was published that it held under this tag, and does not count on the
    /// hold any more. One that was made since, in whatever life of the block, stays.
    public void published(long block, int session, long tag) {
        Stripe stripe = stripe(block);
        stripe.lock.lock();
        try {
            int place = stripe.table.find(block, session);
            if (place >= 0 && stripe.table.holdAt(place) == HoldTable.hold(session, tag)) {
                stripe.table.remove(place);
            }
        } finally {
            stripe.lock.unlock();
        }
    }

    /// The session has ended: what nobody else holds goes home, unless it was published.
    public void end(int session) {
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                for (long block : stripe.table.blocksOf(session, false)) {
                    int place = stripe.table.find(block, session);
                    drop(stripe.table, place, block, HoldTable.inLimbo(stripe.table.holdAt(place)));
                }
            } finally {
                stripe.lock.unlock();
            }
        }
    }

    private void drop(HoldTable table, int place, long block, boolean inLimbo) {
        table.remove(place);
        if (table.first(block) >= 0) {
            return;
        }
        if (inLimbo) {
            blocks.bringHome(block);
            limbo.decrementAndGet();
        } else {
            blocks.freeIfFresh(block);
        }
    }

    /// Blocks that a session holds and others freed.
    public long[] limboOf(int session) {
        if (limbo.get() == 0) {
            return new long[0];
        }
        java.util.stream.LongStream all = java.util.stream.LongStream.empty();
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                all = java.util.stream.LongStream.concat(
                        all, java.util.Arrays.stream(stripe.table.blocksOf(session, true)));
            } finally {
                stripe.lock.unlock();
            }
        }
        return all.toArray();
    }

    /// How many blocks wait for a holder to hear that they were freed.
    public long limbo() {
        return limbo.get();
    }

    /// How many holds there are.
    public long size() {
        long size = 0;
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                size += stripe.table.size();
            } finally {
                stripe.lock.unlock();
            }
        }
        return size;
    }
}
