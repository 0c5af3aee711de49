// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ClassCount;
import io.btd.api.GlobalPointer;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;

/// After a crash of a node: the blocks that no root reaches, before it is known which of them its sessions hold.
/// Thread-safe.
///
/// Every run of the former life is *held back*: nothing is allocated in it, and what is freed in it waits. So a block
/// there is either as the crash left it, or declared, or freed since; it never has a next life before the decision.
/// All bits of a superblock that is held back are set. A block is decided by one compare-and-set of its state:
///
/// ```
/// UNDECIDED --- declare ---> LIVE | FRESH --- free ---> AWAITING ---+
///     |                                                             | decide
///     +---- decide: at home; in an exported run LIVE                +-> at home
/// ```
///
/// A declared block is FRESH again, so that it goes with its session, unless pointers to it were stored before the
/// crash: by another declared block (REFERRED, or FRESH is cleared), or perhaps on another node.
final class Undecided {
    private final PersistentMemory memory;
    private final Superblocks superblocks;
    private final LargeObjects larges;
    private final SizeClasses classes;
    private final BlockFinder finder;
    private final Runnable oweMarking;
    private final boolean wipe;
    private final List<Superblock> heldBack = new ArrayList<>();
    private final List<LargeObject> heldLarge = new ArrayList<>();
    private final List<ClassCount> before;
    private final ClassTally survivors;
    private final ClassTally declared;
    private final ClassTally kept;
    private volatile boolean pending = true;

    /// Of the superblocks and large objects that were taken up as held back.
    ///
    /// @param oweMarking called when only marking will tell whether a declared block is reachable
    Undecided(
            PersistentMemory memory,
            BlockFinder finder,
            Runnable oweMarking,
            Superblocks superblocks,
            LargeObjects larges,
            SizeClasses classes,
            List<ClassCount> before,
            boolean wipe) {
        this.memory = memory;
        this.finder = finder;
        this.oweMarking = oweMarking;
        this.superblocks = superblocks;
        this.larges = larges;
        this.classes = classes;
        this.before = before;
        this.wipe = wipe;
        survivors = new ClassTally(classes);
        declared = new ClassTally(classes);
        kept = new ClassTally(classes);
        superblocks.forEach(superblock -> {
            heldBack.add(superblock);
            survivors.addSmall(superblock.sizeClass, superblock.allocated());
            keepExported(superblock);
        });
        for (LargeObject large : larges.all()) {
            heldLarge.add(large);
            if ((large.state() & Superblock.LIVE) != 0) {
                survivors.addLarge(larges.bytes(large));
            } else if (large.exported() && large.tryState(Superblock.UNDECIDED, Superblock.LIVE)) {
                kept.addLarge(larges.bytes(large));
            }
        }
    }

    /// Other nodes may refer to what is in an exported run, and whoever follows such a reference does not wait until
    /// all sessions have declared: it lives at once.
    private void keepExported(Superblock superblock) {
        for (int index = 0; superblock.exported() && index < superblock.count; index++) {
            if (superblock.tryState(index, Superblock.UNDECIDED, Superblock.LIVE)) {
                kept.addSmall(superblock.sizeClass, 1);
            }
        }
    }

    /// Whether it is still open what lives.
    boolean pending() {
        return pending;
    }

    /// Makes an undecided block live, held by whoever says so; also true of one that lives since before the crash.
    boolean declare(Block place) {
        while (pending && place.heldBack()) {
            int state = place.state();
            if (state != Superblock.UNDECIDED && state != Superblock.REFERRED) {
                if (place.exported()) {
                    oweMarking.run();
                }
                return (state & Superblock.LIVE) != 0;
            }
            boolean fresh = state == Superblock.UNDECIDED && !place.exported();
            if (place.tryState(state, fresh ? Superblock.LIVE | Superblock.FRESH : Superblock.LIVE)) {
                if (!fresh) {
                    oweMarking.run();
                }
                count(declared, place);
                referToTargets(place);
                return true;
            }
        }
        return false;
    }

    private void referToTargets(Block place) {
        for (long at = place.base(); at < place.base() + place.size(); at += 8) {
            long word = place.mayHoldPointer(at) ? memory.getLongAcquire(at) : 0;
            Block target = finder.isOurs(word) && word % GlobalPointer.ALIGNMENT == 0
                    ? finder.place(GlobalPointer.offset(word))
                    : null;
            if (target != null) {
                referTo(target);
            }
        }
    }

    private void referTo(Block target) {
        while (true) {
            int state = target.state();
            if ((state & Superblock.FRESH) != 0 && target.tryFlags(0, Superblock.FRESH)) {
                oweMarking.run();
                return;
            }
            if (state != Superblock.UNDECIDED && (state & Superblock.FRESH) == 0
                    || target.tryState(Superblock.UNDECIDED, Superblock.REFERRED)) {
                return;
            }
        }
    }

    private void count(ClassTally tally, Block place) {
        Superblock superblock = place.superblock();
        if (superblock != null) {
            tally.addSmall(superblock.sizeClass, 1);
        } else {
            tally.addLarge(place.size());
        }
    }

    /// Ends it: what nobody declared comes home, except in exported runs. Empty when it was ended before.
    synchronized Decision decide() {
        if (!pending) {
            return new Decision(List.of(), List.of(), List.of(), 0);
        }
        heldBack.forEach(this::decide);
        long pages = superblocks.admit(heldBack);
        pages += decideLarge();
        pending = false;
        heldBack.clear();
        heldLarge.clear();
        ClassTally living = new ClassTally(classes);
        for (ClassTally part : List.of(survivors, declared, kept)) {
            living.add(part);
        }
        return new Decision(declared.counts(), kept.counts(), living.missingOf(before), larges.bytes(pages));
    }

    private void decide(Superblock superblock) {
        long[] home = new long[(superblock.count + 63) / 64];
        boolean any = false;
        for (int index = 0; index < superblock.count; index++) {
            if (superblock.exported()) {
                boolean keep = superblock.tryState(index, Superblock.UNDECIDED, Superblock.LIVE)
                        || superblock.tryState(index, Superblock.REFERRED, Superblock.LIVE);
                kept.addSmall(superblock.sizeClass, keep ? 1 : 0);
            } else if (superblock.tryState(index, Superblock.UNDECIDED, 0)
                    || superblock.tryState(index, Superblock.REFERRED, 0)) {
                home[index / 64] |= 1L << index % 64;
                if (wipe) {
                    wipe(superblock.offsetOf(index), superblock.blockSize);
                    any = true;
                }
            }
        }
        if (any) {
            memory.fence(HeapSite.WIPE);
        }
        superblock.setStatus(Superblock.FULL); // from here on whoever frees a block brings it home himself
        for (int index = 0; index < superblock.count; index++) {
            if (superblock.tryState(index, Superblock.AWAITING, 0)) {
                home[index / 64] |= 1L << index % 64;
            }
        }
        for (int word = 0; word < home.length; word++) {
            if (home[word] != 0) {
                superblock.bringHome(word, home[word]);
            }
        }
    }

    private long decideLarge() {
        List<LargeObject> gone = new ArrayList<>();
        boolean wiped = false;
        for (LargeObject large : heldLarge) {
            int to = large.exported() ? Superblock.LIVE : 0;
            boolean left = large.tryState(Superblock.UNDECIDED, to) || large.tryState(Superblock.REFERRED, to);
            if (left && to != 0) {
                kept.addLarge(larges.bytes(large));
            } else if (left) {
                if (wipe) {
                    wipe(large.base, larges.bytes(large));
                    wiped = true;
                }
                gone.add(large);
            }
            large.setHeldBack(false);
            if (large.tryState(Superblock.AWAITING, 0)) {
                gone.add(large);
            }
        }
        if (wiped) {
            memory.fence(HeapSite.WIPE);
        }
        larges.release(gone);
        return gone.stream().mapToLong(large -> large.pages).sum();
    }

    private void wipe(long offset, long bytes) {
        memory.zero(offset, bytes);
        memory.writeBack(offset, bytes, HeapSite.WIPE);
    }
}
