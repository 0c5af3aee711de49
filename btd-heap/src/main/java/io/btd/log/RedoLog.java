// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import io.btd.api.BtdException.LogFull;
import io.btd.api.GlobalPointer;
import io.btd.heap.InFlight;
import io.btd.pages.PageAllocator;
import io.btd.pages.PageBits;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Redo records in lanes, one per change in progress. Thread-safe; callers hold the locks of the range they
/// change from before [#apply] until after it.
///
/// ```
///            record valid                          range durable           sequence = 0
///  fence 1: record + payload   ->  copy  ->  fence 2: range   ->  fence 3: retired  ->  locks released
///  crash before: range old          crash between: replayed, range new         crash after: range new
/// ```
///
/// *The fence of record and payload is the commit.* A payload that does not fit into the lane goes into an
/// extent of pages; the extent needs no description, for recovery replays before it looks at pages, and
/// then gives back what nothing describes.
///
/// Sequences begin with the arena's generation, so that no two records ever share one: what is left of an
/// older record in a lane cannot be completed into a valid one by the first bytes of a newer.
public final class RedoLog {
    private static final int GENERATION_SHIFT = 48;

    private final ArenaFile arena;
    private final Geometry geometry;
    private final PersistentMemory memory;
    private final PageAllocator pages;
    private final InFlight inFlight;
    private final Semaphore free;
    private final AtomicLong freeLanes;
    private final AtomicLong sequence;

    /// The log of an arena whose records have been replayed.
    public RedoLog(ArenaFile arena, PageAllocator pages, InFlight inFlight) {
        this.arena = arena;
        this.geometry = arena.geometry();
        this.memory = arena.memory();
        this.pages = pages;
        this.inFlight = inFlight;
        sequence = new AtomicLong(arena.generation() << GENERATION_SHIFT);
        int lanes = geometry.laneCount();
        free = new Semaphore(lanes);
        freeLanes = new AtomicLong(lanes == Long.SIZE ? -1L : (1L << lanes) - 1);
    }

    /// What a change in progress does with its lane.
    interface Change {
        /// Runs with the range announced; may call [#apply] with the lane.
        void run(int lane);
    }

    /// Runs a change of `[offset, offset + bytes)` with a lane of its own and the range announced to frees.
    void withLane(long offset, long bytes, Change change) {
        Interleaving.acquire(free);
        int lane = takeLane();
        inFlight.begin(lane, offset, bytes);
        try {
            change.run(lane);
        } finally {
            inFlight.end(lane);
            freeLanes.getAndUpdate(lanes -> lanes | 1L << lane);
            free.release();
        }
    }

    private int takeLane() {
        while (true) {
            long lanes = freeLanes.get();
            long lowest = Long.lowestOneBit(lanes);
            if (lowest != 0 && freeLanes.compareAndSet(lanes, lanes ^ lowest)) {
                return Long.numberOfTrailingZeros(lowest);
            }
            Interleaving.spin();
        }
    }

    /// Where a payload comes from.
    interface Payload {
        /// Puts the payload at `offset`.
        void copyTo(long offset);
    }

    /// Changes a range failure-atomically; persistent on return, the record retired.
    ///
    /// @throws LogFull when there are no pages for the record; nothing has changed
    void apply(int lane, long destination, long bytes, Payload source) {
        long at = geometry.lane(lane);
        boolean inline = bytes <= geometry.laneBytes() - RedoRecord.HEADER_BYTES;
        long extent = inline ? PageAllocator.NO_ROOM : extent(destination, bytes);
        long payload = inline ? at + RedoRecord.HEADER_BYTES : geometry.pageOffset(extent);
        try {
            source.copyTo(payload);
            memory.setLong(at + RedoRecord.SEQUENCE, sequence.incrementAndGet());
            memory.setLong(at + RedoRecord.DESTINATION, destination);
            memory.setLong(at + RedoRecord.BYTES, bytes);
            memory.setLong(at + RedoRecord.PAYLOAD, payload);
            memory.setLong(at + RedoRecord.CHECKSUM, RedoRecord.checksum(memory, at, payload, bytes));
            memory.writeBack(at, RedoRecord.HEADER_BYTES, LogSite.RECORD);
            memory.writeBack(payload, bytes, LogSite.RECORD);
            memory.fence(LogSite.RECORD);
            memory.move(payload, destination, bytes);
            memory.persist(destination, bytes, LogSite.APPLY);
            memory.setLongRelease(at + RedoRecord.SEQUENCE, 0);
            memory.persist(at + RedoRecord.SEQUENCE, 8, LogSite.RETIRE);
        } finally {
            if (!inline) {
                pages.free(extent, geometry.pagesFor(bytes));
            }
        }
    }

    private long extent(long destination, long bytes) {
        long extent = pages.allocate(geometry.pagesFor(bytes), 1);
        if (extent < 0) {
            long pointer = arena.pointer(destination);
            throw new LogFull(
                    pointer,
                    "no room for the redo record: bytes=" + bytes + ", destination=" + GlobalPointer.toString(pointer)
                            + ", longest run=" + (pages.longestFreeRun() << geometry.pageShift()),
                    "free something, or copy in smaller pieces");
        }
        return extent;
    }

    /// Replays what a crash left unretired, in order; returns how many records. Idempotent: a crash in here
    /// leaves the records that were not retired to the next replay.
    public static int replay(ArenaFile arena) {
        PersistentMemory memory = arena.memory();
        Geometry geometry = arena.geometry();
        PageBits bits = new PageBits(arena);
        List<Long> lanes = new ArrayList<>();
        for (int lane = 0; lane < geometry.laneCount(); lane++) {
            long at = geometry.lane(lane);
            if (memory.getLong(at + RedoRecord.SEQUENCE) != 0) {
                if (counts(memory, geometry, bits, at)) {
                    lanes.add(at);
                } else {
                    retire(memory, at);
                }
            }
        }
        lanes.sort((a, b) -> Long.compareUnsigned(memory.getLong(a), memory.getLong(b)));
        for (long at : lanes) {
            long destination = memory.getLong(at + RedoRecord.DESTINATION);
            long bytes = memory.getLong(at + RedoRecord.BYTES);
            memory.move(memory.getLong(at + RedoRecord.PAYLOAD), destination, bytes);
            memory.persist(destination, bytes, LogSite.REPLAY);
            retire(memory, at);
        }
        return lanes.size();
    }

    private static boolean counts(PersistentMemory memory, Geometry geometry, PageBits bits, long at) {
        return RedoRecord.fault(memory, geometry, bits, at).isEmpty()
                && memory.getLong(at + RedoRecord.CHECKSUM)
                        == RedoRecord.checksum(
                                memory,
                                at,
                                memory.getLong(at + RedoRecord.PAYLOAD),
                                memory.getLong(at + RedoRecord.BYTES));
    }

    private static void retire(PersistentMemory memory, long at) {
        memory.setLongRelease(at + RedoRecord.SEQUENCE, 0);
        memory.persist(at + RedoRecord.SEQUENCE, 8, LogSite.REPLAY_RETIRE);
    }
}
