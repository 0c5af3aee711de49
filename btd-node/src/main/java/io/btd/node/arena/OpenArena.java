// SPDX-License-Identifier: Apache-2.0
package io.btd.node.arena;

import io.btd.api.Alloc;
import io.btd.api.ArenaConfig;
import io.btd.api.ArenaStat;
import io.btd.api.BtdException;
import io.btd.api.RecoveryReport;
import io.btd.api.ScanKind;
import io.btd.gc.Recovery;
import io.btd.heap.Block;
import io.btd.heap.Heap;
import io.btd.heap.Reach;
import io.btd.heap.TypeLayout;
import io.btd.log.Copier;
import io.btd.log.RedoLog;
import io.btd.log.StripeLocks;
import io.btd.log.Words;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Medium;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// An arena that was recovered and is open, and what works on it: heap, copies, words, roots. Thread-safe. Whoever
/// holds it owns the arena, until [#close].
public final class OpenArena implements AutoCloseable {
    private final ArenaFile file;
    private final RecoveryReport recovery;
    private final Heap heap;
    private final Copier copier;
    private final Words words;
    private final ArenaRoots roots;

    private OpenArena(RecoveryReport recovery, Heap heap) {
        this.recovery = recovery;
        this.heap = heap;
        file = heap.arena();
        StripeLocks locks = new StripeLocks();
        copier = new Copier(heap, locks, new RedoLog(file, heap.pages(), heap.inFlight()));
        words = new Words(heap, locks);
        roots = new ArenaRoots(heap);
    }

    /// Opens the arena in a file for this process alone, recovering it if need be.
    ///
    /// @throws BtdException.ArenaUnusable when the file cannot be used, saying why
    /// @throws BtdException.ArenaOwned when a live process owns it
    public static OpenArena open(ArenaConfig config) {
        return whole(openFile(config), file -> alone(file, config.zeroOnFree()));
    }

    /// Opens the arena on a medium for this process alone, recovering it if need be.
    public static OpenArena open(Medium medium, boolean zeroOnFree) {
        return whole(ArenaFile.open(medium), file -> alone(file, zeroOnFree));
    }

    private static OpenArena alone(ArenaFile file, boolean zeroOnFree) {
        RecoveryReport recovery = Recovery.run(file, zeroOnFree);
        return new OpenArena(recovery, new Heap(file, zeroOnFree));
    }

    /// What works on a heap that is open already; closing it closes the heap.
    public static OpenArena over(Heap heap, RecoveryReport recovery) {
        return new OpenArena(recovery, heap);
    }

    static ArenaFile openFile(ArenaConfig config) {
        return ArenaFile.open(
                config.arena(),
                config.create(),
                config.capacity(),
                config.node(),
                config.arenaId(),
                config.domain().orElse(null));
    }

    /// Makes something of an open file, which is let go if that fails.
    static <T> T whole(ArenaFile file, Function<ArenaFile, T> made) {
        try {
            return made.apply(file);
        } catch (RuntimeException e) {
            file.medium().close();
            throw e;
        }
    }

    /// The open file.
    public ArenaFile file() {
        return file;
    }

    /// The heap.
    public Heap heap() {
        return heap;
    }

    /// Copies into and out of blocks.
    public Copier copier() {
        return copier;
    }

    /// Pointers and atomics.
    public Words words() {
        return words;
    }

    /// The roots.
    public ArenaRoots roots() {
        return roots;
    }

    /// What opening found and did.
    public RecoveryReport recovery() {
        return recovery;
    }

    /// Bytes of pages that are free.
    public long available() {
        return heap.pages().availablePages() << file.geometry().pageShift();
    }

    /// Bytes of pages in all.
    public long capacity() {
        return file.geometry().capacityPages() << file.geometry().pageShift();
    }

    /// Counts what there is and what is in use.
    ///
    /// @throws BtdException.Closed when the arena is closed
    public ArenaStat stat() {
        try (var _ = heap.begin()) {
            return new ArenaStat(
                    file.medium().name(),
                    file.memory().domain(),
                    file.node(),
                    file.arenaId(),
                    file.generation(),
                    capacity(),
                    capacity() - available(),
                    heap.pages().metadataBytes(),
                    heap.count(),
                    heap.pinned(),
                    heap.illegalFrees());
        }
    }

    /// Resizes; see [io.btd.api.BtdCluster#realloc]. Where the block has to move, the old one is handed to `free`,
    /// inside the same operation of the heap.
    public long realloc(long block, long size, LongConsumer free) {
        try (var _ = heap.begin()) {
            Block old = heap.finder().blockAt(block);
            if (size >= 1 && size <= old.size()) {
                return block;
            }
            heap.checkUnpinned(block);
            TypeLayout layout = old.layout();
            long grown = layout != null
                    ? heap.mallocWithin(layout, size)
                    : heap.mallocWithin(size, old.kind() == ScanKind.OPAQUE ? Alloc.OPAQUE : Alloc.POINTERS);
            Block target = heap.finder().blockAt(grown);
            file.memory().move(old.base(), target.base(), old.size());
            target.markDirty();
            if (heap.reach() == Reach.CLUSTER) {
                heap.persistHeld(grown);
            }
            try {
                free.accept(block);
            } catch (BtdException refused) {
                heap.freeWithin(grown);
                throw refused;
            }
            return grown;
        }
    }

    /// Ends every operation and closes the arena, marked with what the next open has to find out. A second close
    /// does nothing.
    @Override
    public void close() {
        close(false);
    }

    /// Closes the arena; with `keepFresh`, blocks that nothing refers to are kept for sessions that go on.
    public void close(boolean keepFresh) {
        Optional<Boolean> settled = Optional.of(false);
        try {
            settled = heap.close(keepFresh);
            settled.ifPresent(file::markClosed);
        } finally {
            if (settled.isPresent()) {
                file.medium().close();
            }
        }
    }

    /// Lets go of the arena as the death of this process would: nothing is written, the next open recovers. Nobody
    /// may be using it.
    public void abandon() {
        file.medium().close();
    }
}
