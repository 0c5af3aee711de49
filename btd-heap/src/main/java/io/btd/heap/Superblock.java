// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import io.btd.pmem.Geometry;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Equal blocks in a run of pages: the volatile truth about them.
///
/// The bitmap in the arena has a bit for each block that is not at home here: allocated, or cached in a
/// magazine. It is *rebuilt* after a crash and written back on a clean close. One thread at a time, the
/// owner, claims blocks, 64 at a time, by one atomic OR; anybody returns blocks, by one atomic AND.
///
/// Beside it, one state byte per block says whether it is allocated. `malloc` stores it, `free` clears it
/// by compare-and-set, so that of two frees exactly one wins, whoever races.
///
/// ```
///            take from the pool                  no free block left
///   LISTED ---------------------> OWNED -------------------------------> FULL
///     ^                                                                    |
///     +------------------ enough blocks came home ------------------------+
///   LISTED or FULL, all blocks at home -> RETIRING (pages go back; the object is dead)
///   HELD_BACK -> FULL when it is decided which blocks live ([Undecided])
/// ```
final class Superblock {
    static final int OWNED = 0;
    static final int FULL = 1;
    static final int LISTED = 2;
    static final int RETIRING = 3;
    /// Nothing leaves it and nothing comes home before it is decided what its sessions still hold.
    static final int HELD_BACK = 4;

    /// The block is allocated.
    static final int LIVE = 1;
    /// No pointer to the block was ever stored through the cluster: it vanishes with its session.
    static final int FRESH = 2;
    /// The block was changed and not written back.
    static final int DIRTY = 4;
    /// The block was changed after somebody began to write it back.
    static final int REWRITTEN = 8;
    /// A thread is writing the block back; others wait for it.
    static final int WRITING_BACK = 16;
    /// The block is not allocated, but somebody may still remember it: it has no new life yet. Alone.
    static final int LIMBO = 32;
    /// After a crash: reachable from no root, but a session may yet say that it holds the block. Alone.
    static final int UNDECIDED = 64;
    /// Undecided, and a block that was declared refers to it. Alone.
    static final int REFERRED = UNDECIDED | REWRITTEN;
    /// The block was freed in a superblock that is held back: it goes home with the decision.
    static final int AWAITING = LIMBO | UNDECIDED;

    private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final VarHandle STATUS;
    private static final VarHandle HOME;
    private static final VarHandle KEPT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATUS = lookup.findVarHandle(Superblock.class, "status", int.class);
            HOME = lookup.findVarHandle(Superblock.class, "home", int.class);
            KEPT = lookup.findVarHandle(Superblock.class, "kept", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final long base;
    final long page;
    final int sizeClass;
    final int blockSize;
    final int count;
    final long bytes;
    final int bin;
    final ScanKind kind;
    final int layout;

    private final PersistentMemory memory;
    private final long bitmap;
    private final long magic;
    private final byte[] state;
    private volatile boolean exported;
    private volatile int status;
    private volatile int home;

    @SuppressWarnings("UnusedVariable") // through KEPT
    private volatile boolean kept;

    private int cursor;

    /// Where a superblock comes from.
    enum Origin {
        /// Its pages were taken just now: the bitmap is of a former life, and cleared.
        NEW,
        /// The arena has it, and its bitmap says which blocks are allocated.
        KNOWN,
        /// The arena has it, and its bitmap says which blocks are reachable; the others are undecided.
        UNDECIDED
    }

    /// The superblock at `page`.
    Superblock(
            PersistentMemory memory,
            Geometry geometry,
            SizeClasses classes,
            long page,
            long head,
            int bin,
            Origin origin) {
        this.memory = memory;
        this.page = page;
        this.base = geometry.pageOffset(page);
        this.bitmap = geometry.bitmap(base);
        this.sizeClass = RunTable.sizeClass(head);
        this.blockSize = classes.size(sizeClass);
        this.count = classes.blocks(sizeClass);
        this.magic = classes.magic(sizeClass);
        this.bytes = (long) count * blockSize;
        this.kind = RunTable.kind(head);
        this.layout = RunTable.layout(head);
        this.bin = bin;
        this.state = new byte[count];
        this.exported = RunTable.exported(head);
        if (origin == Origin.NEW) {
            memory.zero(bitmap, bitmapBytes(count));
            status = OWNED;
            home = count;
        } else {
            int taken = 0;
            for (int index = 0; index < count; index++) {
                if ((memory.getLong(bitmap + index / 64 * 8L) >>> index % 64 & 1) != 0) {
                    state[index] = LIVE;
                    taken++;
                }
            }
            home = count - taken;
            status = taken == count ? FULL : LISTED;
        }
        if (origin == Origin.UNDECIDED) {
            holdBack();
        }
    }

    /// Takes every block away from home, undecided unless it is allocated.
    private void holdBack() {
        for (int index = 0; index < count; index++) {
            state[index] = state[index] == 0 ? UNDECIDED : state[index];
        }
        for (int word = 0; word < (count + 63) / 64; word++) {
            memory.setLong(bitmap + 8L * word, validMask(word));
        }
        home = 0;
        status = HELD_BACK;
    }

    /// Says that of the blocks that are undecided only those were in use whose bits are set in `inUse`; the others
    /// are nobody's, and wait for the decision to come home.
    void onlyInUse(long[] inUse) {
        for (int index = 0; index < count; index++) {
            if (state[index] == UNDECIDED && (inUse[index / 64] >>> index % 64 & 1) == 0) {
                state[index] = AWAITING;
            }
        }
    }

    /// Bytes of the bitmap of `count` blocks.
    static long bitmapBytes(int count) {
        return (count + 63) / 64 * 8L;
    }

    /// The index of the block that starts at `offset`, or -1 when none starts there.
    int indexOf(long offset) {
        long inside = offset - base;
        int index = SizeClasses.divide(inside, magic);
        return index < count && (long) index * blockSize == inside ? index : -1;
    }

    /// Whether `offset` lies in a block here and the superblock is neither about to be retired nor held back; a
    /// retired one never says so again.
    boolean holds(long offset) {
        return Long.compareUnsigned(offset - base, bytes) < 0 && status < RETIRING;
    }

    /// The index of the block at `offset`, which is known to be the start of one.
    int indexOfBlock(long offset) {
        return SizeClasses.divide(offset - base, magic);
    }

    /// The index of the block that contains `offset`, or -1 in the tail.
    int containing(long offset) {
        int index = SizeClasses.divide(offset - base, magic);
        return index < count ? index : -1;
    }

    /// The start of a block.
    long offsetOf(int index) {
        return base + (long) index * blockSize;
    }

    // --- state bytes

    int state(int index) {
        Interleaving.point();
        return (byte) STATE.getVolatile(state, index);
    }

    /// Marks a block that was claimed as allocated; the claimer's plain store.
    void setAllocated(int index, int flags) {
        Interleaving.point();
        state[index] = (byte) (LIVE | flags);
    }

    /// Takes the block from its holder; returns its state before, 0 if it is not allocated. *Of racing frees one
    /// succeeds.*
    int tryFree(int index) {
        Interleaving.point();
        byte now = state[index];
        while ((now & LIVE) != 0) {
            byte seen = (byte) STATE.compareAndExchange(state, index, now, (byte) 0);
            if (seen == now) {
                return now;
            }
            now = seen;
        }
        return 0;
    }

    /// As [#tryFree(int)], but only of a block that has the flags `required`.
    int tryFree(int index, int required) {
        while (true) {
            Interleaving.point();
            byte now = (byte) STATE.getVolatile(state, index);
            if ((now & (LIVE | required)) != (LIVE | required)) {
                return 0;
            }
            if (STATE.compareAndSet(state, index, now, (byte) 0)) {
                return now;
            }
        }
    }

    /// Changes the state of a block that is not allocated; false if it is not `expected`.
    boolean tryState(int index, int expected, int next) {
        Interleaving.point();
        return STATE.compareAndSet(state, index, (byte) expected, (byte) next);
    }

    /// Undoes [#tryFree], before the block went anywhere.
    void undoFree(int index, int former) {
        Interleaving.point();
        STATE.setRelease(state, index, (byte) former);
    }

    /// Sets and clears flags of an allocated block; false if it is not allocated.
    boolean tryFlags(int index, int set, int clear) {
        while (true) {
            byte now = (byte) STATE.getAcquire(state, index);
            if ((now & LIVE) == 0) {
                return false;
            }
            byte next = (byte) (now & ~clear | set);
            Interleaving.point();
            if (next == now || STATE.compareAndSet(state, index, now, next)) {
                return true;
            }
        }
    }

    /// Begins to write a block back: only one thread does at a time. False when another one does, or there is
    /// nothing to write.
    boolean tryBeginWriteBack(int index) {
        byte now = (byte) STATE.getVolatile(state, index);
        byte next = (byte) flagsWhileWritingBack(now);
        Interleaving.point();
        return next != now && STATE.compareAndSet(state, index, now, next);
    }

    /// Ends it: the block is clean, unless it was changed meanwhile.
    void endWriteBack(int index) {
        byte now;
        do {
            now = (byte) STATE.getVolatile(state, index);
            Interleaving.point();
        } while ((now & WRITING_BACK) != 0 && !STATE.compareAndSet(state, index, now, (byte) flagsAfterWriteBack(now)));
    }

    /// The flags of a block that a thread begins to write back; unchanged when it may not.
    static int flagsWhileWritingBack(int now) {
        boolean may = (now & (LIVE | DIRTY | WRITING_BACK)) == (LIVE | DIRTY);
        return may ? now & ~REWRITTEN | WRITING_BACK : now;
    }

    /// The flags of a block that was written back.
    static int flagsAfterWriteBack(int now) {
        int done = now & ~WRITING_BACK;
        return (now & REWRITTEN) == 0 ? done & ~DIRTY : done;
    }

    // --- the bitmap

    /// Claims up to `max` blocks for the owner; their offsets go to `into`, the lowest last.
    int claim(long[] into, int max) {
        int words = (count + 63) / 64;
        for (int i = 0; i < words; i++) {
            int word = cursor;
            long at = bitmap + 8L * word;
            long free = ~memory.getLongAcquire(at) & validMask(word);
            if (free != 0) {
                long wanted = lowest(free, max);
                memory.getAndSetBits(at, wanted);
                int n = Long.bitCount(wanted);
                Interleaving.point();
                HOME.getAndAdd(this, -n);
                for (long rest = wanted; rest != 0; ) {
                    int bit = 63 - Long.numberOfLeadingZeros(rest);
                    into[Long.bitCount(wanted) - Long.bitCount(rest)] = offsetOf(word * 64 + bit);
                    rest &= ~(1L << bit);
                }
                return n;
            }
            cursor = word + 1 == words ? 0 : word + 1;
        }
        return 0;
    }

    /// Brings blocks of one bitmap word home.
    void bringHome(int word, long bits) {
        long before = memory.getAndClearBits(bitmap + 8L * word, bits);
        if ((before & bits) != bits) {
            throw new IllegalStateException("block at home twice: superblock=" + base + ", word=" + word);
        }
        Interleaving.point();
        HOME.getAndAdd(this, Long.bitCount(bits));
    }

    private long validMask(int word) {
        int blocks = Math.min(64, count - word * 64);
        return blocks == 64 ? -1L : (1L << blocks) - 1;
    }

    private static long lowest(long bits, int max) {
        if (Long.bitCount(bits) <= max) {
            return bits;
        }
        long result = 0;
        for (int i = 0; i < max; i++) {
            long bit = Long.lowestOneBit(bits);
            result |= bit;
            bits ^= bit;
        }
        return result;
    }

    // --- status

    int home() {
        return home;
    }

    boolean isEmpty() {
        Interleaving.point();
        return home == count;
    }

    /// Whether enough blocks are at home for the superblock to be worth listing: an eighth.
    boolean worthListing() {
        Interleaving.point();
        return home >= Math.max(1, count / 8);
    }

    int status() {
        Interleaving.point();
        return status;
    }

    boolean heldBack() {
        return status == HELD_BACK;
    }

    boolean exported() {
        return exported;
    }

    /// Notes that the run's head says so, durably.
    void setExported() {
        exported = true;
    }

    void setStatus(int next) {
        Interleaving.point();
        status = next;
    }

    boolean tryStatus(int expected, int next) {
        Interleaving.point();
        return STATUS.compareAndSet(this, expected, next);
    }

    /// Notes that the superblock is kept although it is empty; false if that was noted already.
    boolean tryKeep() {
        Interleaving.point();
        return KEPT.compareAndSet(this, false, true);
    }

    /// Undoes [#tryKeep]; false if nothing was noted.
    boolean tryUnkeep() {
        Interleaving.point();
        return KEPT.compareAndSet(this, true, false);
    }

    /// Whether every block really is at home, by the bitmap.
    boolean bitmapIsClear() {
        for (int word = 0; word < (count + 63) / 64; word++) {
            if ((memory.getLongAcquire(bitmap + 8L * word) & validMask(word)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// How many blocks are allocated; those in magazines are not.
    int allocated() {
        int n = 0;
        for (int index = 0; index < count; index++) {
            n += state(index) & LIVE;
        }
        return n;
    }

    /// Starts writing the bitmap back.
    void writeBackBitmap(io.btd.pmem.PersistSite site) {
        memory.writeBack(bitmap, bitmapBytes(count), site);
    }
}
