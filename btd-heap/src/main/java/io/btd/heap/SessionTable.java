// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.ClassCount;
import io.btd.api.GlobalPointer;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which sessions are open. *Persistent*: a chain of chunks under one root slot, without a bound.
///
/// ```
/// chunk (a typed block of layout 2)       record (one line of 64 bytes, aligned in the arena)
///  0 next chunk, or 0                      0 id: 0 while the record is free
///  8 0                                     8 client, high       16 client, low
///    records: the whole lines behind      24 lease, ms          32 generation
///                                         40 0
/// ```
///
/// *The store of the id is the linearising one, of 0 when the session is closed.* A record fits a line, in which stores
/// persist in their order, so one fence is enough. A chunk is persistent before the slot leads to it, and stays.
/// Thread-safe.
public final class SessionTable {
    private static final int LINE = 64;
    private static final int LINKS = 16;
    private static final long CLIENT_HIGH = 8;
    private static final long CLIENT_LOW = 16;
    private static final long LEASE = 24;
    private static final long GENERATION = 32;
    private static final int COUNTER_BITS = 24;

    private final Heap heap;
    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final long slot;
    private final TypeLayout chunkLayout;
    private final Map<Long, Long> places = new ConcurrentHashMap<>();
    private final Map<Long, SessionRecord> records = new ConcurrentHashMap<>();
    private final ArrayDeque<Long> free = new ArrayDeque<>();
    private long opened;
    private volatile ClassCount chunks = new ClassCount(0, 0, 0);

    /// The table of the heap's arena.
    ///
    /// @throws ArenaUnusable when it contradicts itself
    public SessionTable(Heap heap) {
        this.heap = heap;
        arena = heap.arena();
        memory = arena.memory();
        slot = arena.geometry().rootSlot(RootSlots.SESSIONS);
        chunkLayout = heap.layouts().get(TypeLayout.DIRECTORY_ENTRY);
        Set<Long> seen = new HashSet<>();
        for (long chunk = memory.getLong(slot); chunk != 0; chunk = memory.getLong(GlobalPointer.offset(chunk))) {
            Block block = chunkAt(chunk);
            TypeLayout layout = block.layout();
            if (!seen.add(chunk) || layout == null || layout.number() != TypeLayout.DIRECTORY_ENTRY) {
                throw damaged(chunk);
            }
            read(block);
        }
    }

    private Block chunkAt(long pointer) {
        try {
            return heap.finder().systemBlockAt(pointer);
        } catch (InvalidPointer dangling) {
            throw damaged(pointer);
        }
    }

    private void read(Block chunk) {
        chunks = new ClassCount(chunk.size(), chunks.blocks() + 1, chunks.bytes() + chunk.size());
        for (long at = firstLine(chunk); at + LINE <= chunk.base() + chunk.size(); at += LINE) {
            long id = memory.getLong(at);
            if (id == 0) {
                free.add(at);
                continue;
            }
            SessionRecord record = new SessionRecord(
                    id,
                    memory.getLong(at + CLIENT_HIGH),
                    memory.getLong(at + CLIENT_LOW),
                    memory.getLong(at + LEASE),
                    memory.getLong(at + GENERATION));
            if (record.generation() != id >>> COUNTER_BITS
                    || record.generation() >= arena.generation()
                    || records.put(id, record) != null) {
                throw damaged(arena.pointer(at));
            }
            places.put(id, at);
        }
    }

    private static long firstLine(Block chunk) {
        return chunk.base() + LINKS + LINE - 1 & -LINE;
    }

    private ArenaUnusable damaged(long pointer) {
        return arena.corrupt("found=damaged session records at " + GlobalPointer.toString(pointer));
    }

    /// Ends all sessions of an arena that another life takes over; says whether there may have been any. Their
    /// chunks become unreachable.
    public static boolean forget(ArenaFile arena) {
        PersistentMemory memory = arena.memory();
        long at = arena.geometry().rootSlot(RootSlots.SESSIONS);
        if (memory.getLong(at) == 0) {
            return false;
        }
        memory.setLongRelease(at, 0);
        memory.persist(at, 8, HeapSite.SESSION_LINK);
        return true;
    }

    /// The blocks that hold the records.
    public ClassCount chunks() {
        return chunks;
    }

    /// Opens a session; persistent on return.
    ///
    /// @param leaseMillis how long it lives without being heard of
    /// @return its id
    /// @throws io.btd.api.BtdException.Full when there is no room for its record
    public long open(long clientHigh, long clientLow, long leaseMillis) {
        try (var _ = heap.begin()) {
            synchronized (this) {
                long id = arena.generation() << COUNTER_BITS | nextCounter();
                if (free.isEmpty()) {
                    grow();
                }
                long at = free.remove();
                memory.setLong(at + CLIENT_HIGH, clientHigh);
                memory.setLong(at + CLIENT_LOW, clientLow);
                memory.setLong(at + LEASE, leaseMillis);
                memory.setLong(at + GENERATION, arena.generation());
                memory.setLongRelease(at, id);
                memory.persist(at, LINE, HeapSite.SESSION_RECORD);
                places.put(id, at);
                records.put(id, new SessionRecord(id, clientHigh, clientLow, leaseMillis, arena.generation()));
                return id;
            }
        }
    }

    private long nextCounter() {
        if (opened + 1 >>> COUNTER_BITS != 0) {
            throw new Busy(arena.node(), "session ids are used up: opened=" + opened, "restart the node");
        }
        return ++opened;
    }

    /// Adds a chunk; the fence of its first record completes the link's write-back.
    private void grow() {
        long chunk = heap.mallocWithin(chunkLayout, arena.geometry().pageBytes());
        Block block = heap.finder().systemBlockAt(chunk);
        memory.setLong(block.base(), memory.getLong(slot));
        heap.beforePointerTo(block);
        memory.setLongRelease(slot, chunk);
        memory.writeBack(slot, 8, HeapSite.SESSION_LINK);
        read(block);
    }

    /// Closes a session; persistent on return. False if there is none of this id.
    public boolean close(long id) {
        try (var _ = heap.begin()) {
            synchronized (this) {
                Long at = places.remove(id);
                if (at == null) {
                    return false;
                }
                memory.setLongRelease(at, 0);
                memory.persist(at, 8, HeapSite.SESSION_RECORD);
                records.remove(id);
                free.addFirst(at);
                return true;
            }
        }
    }

    /// The sessions that are open, in the order of their ids.
    public List<SessionRecord> sessions() {
        return records.values().stream()
                .sorted(Comparator.comparingLong(SessionRecord::id))
                .toList();
    }
}
