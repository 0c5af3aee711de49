// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.canary;

import io.btd.api.BtdCluster;
import io.btd.emulator.crash.Mutant;
import io.btd.emulator.net.fault.FilteredCluster;
import io.btd.log.LogSite;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.Geometry;
import io.btd.pmem.Medium;
import io.btd.pmem.MemoryHook.Access;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bug of one kind, planted in front of the heap: one of its calls done wrongly ([WrongCalls]), a race ([FreeList]),
/// or
/// one of its instructions switched off.
public enum Canary {
    /// The block is never written back.
    MISSING_FLUSH("a block is published and never written back"),
    /// The block is on its way when the pointer is stored.
    MISSING_FENCE("a block is written back, and published before the fence"),
    /// The order of the two persists is turned round.
    LATE_FENCE("the pointer is stored first, then the block is written back and fenced"),
    /// The neighbour of the right line is written back.
    WRONG_FLUSH("the line behind the one that was changed is written back"),
    /// The neighbour of the right line is changed.
    WRONG_LINE("a number is stored one line behind its place"),
    /// `&pointer` for `pointer`.
    FLUSH_OF_VARIABLE("the pointer is written back before publishing, not what it leads to"),
    /// In a crash between the two, the reference dangles.
    BIT_BEFORE_REFERENCE("a block is freed before the reference to it is cleared"),
    /// Applied twice, it is added twice.
    REPEATED_REDO("the recovery adds once more what was added already"),
    /// Only a crash of the recovery shows it.
    LOG_DROPPED_EARLY(
            "the recovery retires a record before the replayed range is fenced", LogSite.REPLAY, Access.FENCE),
    /// An aligned word is never torn, two are.
    TORN_PAIR("16 bytes are copied by two stores, without the log"),
    /// The end of a record stays in the cache.
    STALE_RECORD("a retired record is replayed over newer data", LogSite.RETIRE, Access.WRITE_BACK),
    /// It looks the same while what is behind it is not.
    ABA("the head of a stack of free blocks has no count of its changes"),
    /// Two push, one of them for nothing.
    LOST_UPDATE("a block is put on a list of free blocks by a load and a store"),
    /// Two pop the same one.
    DOUBLE_GRANT("a block is taken from a list of free blocks by a load and a store");

    private static final Set<Canary> RACES = EnumSet.of(ABA, LOST_UPDATE, DOUBLE_GRANT);

    private final String bug;

    @SuppressWarnings("ImmutableEnumChecker") // a record of two constants
    private final @Nullable Mutant mutant;

    Canary(String bug) {
        this.bug = bug;
        mutant = null;
    }

    Canary(String bug, LogSite site, Access access) {
        this.bug = bug;
        mutant = new Mutant(site, access);
    }

    /// The canary of this name.
    public static Optional<Canary> of(String text) {
        return Arrays.stream(values())
                .filter(canary -> canary.text().equals(text))
                .findFirst();
    }

    /// Its name, as options and tables have it.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What is wrong, in a few words.
    public String bug() {
        return bug;
    }

    /// The instruction that is switched off while the canary sings, or null.
    public @Nullable Mutant mutant() {
        return mutant;
    }

    /// Whether it takes threads at the same time to see it.
    public boolean races() {
        return RACES.contains(this);
    }

    /// Opens the arena on a medium, recovering it where needed, with the bug planted.
    public BtdCluster open(Medium medium, Geometry geometry, boolean zeroOnFree) {
        if (mutant != null) {
            return EmbeddedCluster.open(medium, zeroOnFree);
        }
        if (this == REPEATED_REDO) {
            new Intent(medium.memory(), geometry).recover();
        }
        BtdCluster heap = EmbeddedCluster.open(medium, zeroOnFree);
        if (races()) {
            return FilteredCluster.of(heap, new FreeList(this, heap, medium.memory()));
        }
        return FilteredCluster.of(
                heap, new WrongCalls(this, heap, medium.memory(), new Intent(medium.memory(), geometry)));
    }
}
