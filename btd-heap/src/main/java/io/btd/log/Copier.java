// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.heap.Block;
import io.btd.heap.BlockFinder;
import io.btd.heap.ForeignPointers;
import io.btd.heap.Heap;
import io.btd.heap.Reach;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.Set;

/// Copies into and out of blocks. Thread-safe.
///
/// A failure-atomic copy goes one of three ways: within one aligned word by one store; into a *fresh* block,
/// which nothing refers to and which vanishes in a crash, without a log; otherwise through a redo record. On a
/// cluster's
/// node, no block vanishes: its holder may declare it after the crash.
public final class Copier {
    private static final int OPTIMISTIC_READS = 16;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Heap heap;
    private final PersistentMemory memory;
    private final BlockFinder finder;
    private final StripeLocks locks;
    private final RedoLog log;
    private final boolean vanishes;

    /// Copies of the heap's blocks.
    public Copier(Heap heap, StripeLocks locks, RedoLog log) {
        this.heap = heap;
        this.memory = heap.arena().memory();
        this.finder = heap.finder();
        this.locks = locks;
        this.log = log;
        this.vanishes = heap.reach() == Reach.ARENA;
    }

    /// Copies in failure-atomically; see [BtdCluster#memcpy(long, MemorySegment)].
    public void copyIn(long destination, MemorySegment source) {
        copyIn(destination, source, false);
    }

    /// As [#copyIn(long, MemorySegment)]; `exported` says that blocks of other nodes in it were exported there.
    ///
    /// @throws ForeignPointers when they were not; nothing has changed
    public void copyIn(long destination, MemorySegment source, boolean exported) {
        long bytes = checkLength(source.byteSize());
        try (var _ = heap.begin()) {
            Block block = finder.containing(destination, bytes);
            if (bytes == 0) {
                return;
            }
            long offset = GlobalPointer.offset(destination);
            checkPointers(block, offset, bytes, at -> source.get(WORD, at), exported);
            if ((offset & 7) + bytes <= 8) {
                copyWithinWord(offset, source, (int) bytes);
                return;
            }
            log.withLane(offset, bytes, lane -> {
                checkLive(block, destination);
                locks.lock(offset, bytes);
                try {
                    if (block.fresh() && vanishes) {
                        memory.copyIn(source, 0, offset, bytes);
                        memory.persist(offset, bytes, LogSite.WRITE);
                    } else {
                        log.apply(lane, offset, bytes, payload -> memory.copyIn(source, 0, payload, bytes));
                    }
                } finally {
                    locks.unlock(offset, bytes);
                }
            });
        }
    }

    /// Copies from block to block failure-atomically; see [BtdCluster#memcpy(long, long, long)].
    public void copy(long destination, long source, long bytes) {
        copy(destination, source, bytes, false);
    }

    /// As [#copy(long, long, long)]; `exported` says that blocks of other nodes in it were exported there.
    ///
    /// @throws ForeignPointers when they were not; nothing has changed
    public void copy(long destination, long source, long bytes, boolean exported) {
        checkLength(bytes);
        try (var _ = heap.begin()) {
            Block block = finder.containing(destination, bytes);
            finder.containing(source, bytes);
            if (bytes == 0) {
                return;
            }
            long to = GlobalPointer.offset(destination);
            long from = GlobalPointer.offset(source);
            checkPointers(block, to, bytes, at -> wordAt(from + at), exported);
            log.withLane(to, bytes, lane -> {
                checkLive(block, destination);
                locks.lock(to, from, bytes);
                try {
                    log.apply(lane, to, bytes, payload -> memory.move(from, payload, bytes));
                } finally {
                    locks.unlock(to, from, bytes);
                }
            });
        }
    }

    /// Copies in without a log; see [BtdCluster#write].
    public Durability write(long destination, MemorySegment source, Durability durability) {
        long bytes = source.byteSize();
        try (var _ = heap.begin()) {
            Block block = finder.containing(destination, bytes);
            if (block.kind() != ScanKind.OPAQUE) {
                throw new InvalidPointer(
                        destination,
                        PointerFault.WRONG_KIND,
                        "write into a block that may hold pointers: destination=" + GlobalPointer.toString(destination)
                                + ", kind=" + block.kind(),
                        "use memcpy or putPointer, or allocate the block OPAQUE");
            }
            long offset = GlobalPointer.offset(destination);
            memory.copyIn(source, 0, offset, bytes);
            if (durability == Durability.VISIBLE) {
                block.markDirty();
            } else {
                memory.persist(offset, bytes, LogSite.WRITE);
            }
            return durability;
        }
    }

    /// Copies out, never torn by a failure-atomic copy.
    public void read(long source, MemorySegment destination) {
        long bytes = destination.byteSize();
        try (var _ = heap.begin()) {
            finder.containing(source, bytes);
            long offset = GlobalPointer.offset(source);
            for (int i = 0; i < OPTIMISTIC_READS; i++) {
                long before = locks.version(offset, bytes);
                if (before >= 0) {
                    memory.copyOut(offset, destination, 0, bytes);
                    java.lang.invoke.VarHandle.acquireFence();
                    if (locks.version(offset, bytes) == before) {
                        return;
                    }
                }
                Interleaving.spin();
            }
            locks.lock(offset, bytes);
            try {
                memory.copyOut(offset, destination, 0, bytes);
            } finally {
                locks.unlock(offset, bytes);
            }
        }
    }

    /// Copies out as it is.
    public void readRaw(long source, MemorySegment destination) {
        try (var _ = heap.begin()) {
            finder.containing(source, destination.byteSize());
            memory.copyOut(GlobalPointer.offset(source), destination, 0, destination.byteSize());
        }
    }

    private void copyWithinWord(long offset, MemorySegment source, int bytes) {
        long at = offset & ~7L;
        int shift = (int) (offset & 7) * 8;
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (source.get(ValueLayout.JAVA_BYTE, i) & 0xffL) << shift + 8 * i;
        }
        long mask = (bytes == 8 ? -1L : (1L << 8 * bytes) - 1) << shift;
        locks.lock(at, 8);
        try {
            memory.setLongRelease(at, memory.getLongAcquire(at) & ~mask | value);
            memory.persist(at, 8, LogSite.WORD);
        } finally {
            locks.unlock(at, 8);
        }
    }

    /// Where the words of a payload come from.
    private interface Source {
        long word(long at);
    }

    /// The eight bytes at an offset of any alignment.
    private long wordAt(long offset) {
        byte[] bytes = new byte[8];
        memory.copyOut(offset, MemorySegment.ofArray(bytes), 0, 8);
        return MemorySegment.ofArray(bytes).get(WORD, 0);
    }

    /// Makes what the payload's pointers lead to fit to be referred to, and refuses those that lead nowhere.
    private void checkPointers(Block block, long offset, long bytes, Source source, boolean exported) {
        if (block.kind() == ScanKind.OPAQUE) {
            return;
        }
        if (!exported && heap.reach() == Reach.CLUSTER) {
            refuseForeign(block, offset, bytes, source);
        }
        for (long word = offset & ~7L; word < offset + bytes; word += 8) {
            if (!block.mayHoldPointer(word)) {
                continue;
            }
            boolean whole = word >= offset && word + 8 <= offset + bytes;
            boolean typed = block.kind() == ScanKind.TYPED;
            if (!whole && typed) {
                throw new InvalidPointer(
                        finder.pointer(offset),
                        PointerFault.WRONG_KIND,
                        "copy cuts a pointer field: field=" + GlobalPointer.toString(finder.pointer(word)),
                        "copy whole fields");
            }
            long value = whole ? source.word(word - offset) : GlobalPointer.NULL;
            if (value != GlobalPointer.NULL && (typed || finder.isBlock(value))) {
                heap.beforePointerTo(value, true);
            }
        }
    }

    private void refuseForeign(Block block, long offset, long bytes, Source source) {
        Set<Long> foreign = new LinkedHashSet<>();
        for (long word = offset + 7 & ~7L; word + 8 <= offset + bytes; word += 8) {
            long value = source.word(word - offset);
            if (finder.isForeign(value) && block.mayHoldPointer(word)) {
                foreign.add(value);
            }
        }
        if (!foreign.isEmpty()) {
            throw new ForeignPointers(
                    foreign.stream().mapToLong(Long::longValue).toArray());
        }
    }

    private void checkLive(Block block, long destination) {
        if (!block.live()) {
            throw new InvalidPointer(
                    destination,
                    PointerFault.NOT_ALLOCATED,
                    "freed during the copy: destination=" + GlobalPointer.toString(destination),
                    "order frees behind the last use");
        }
    }

    private static long checkLength(long bytes) {
        if (bytes < 0 || bytes > BtdCluster.MAX_MEMCPY) {
            throw new InvalidSize(
                    "copy refused: bytes=" + bytes, "copy 0 to " + BtdCluster.MAX_MEMCPY + " bytes at a time");
        }
        return bytes;
    }
}
