// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.InvalidRoot;
import io.btd.api.Roots;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.ToLongFunction;

/// The named roots: a hash trie in the heap itself, without a bound, under one root slot.
///
/// ```
/// node  (layout 1)    16 links: by the next 4 bits of the name's hash, the highest first
/// entry (layout 2)    0 next: another name with the same 64-bit hash
///                     8 target
///                    16 hash
///                    24 length of the name in bytes (4), 0 (4)
///                    32 the name, UTF-8
/// ```
///
/// Whatever is new is built aside and made persistent; then *one store of a link* makes it part of the
/// directory: a new entry; a new chain of nodes that carries the old entry and the new one; another target;
/// the removal of an entry. So after a crash each change happened wholly or not at all, and what was built
/// aside for nothing is unreachable. Thread-safe: many readers or one writer.
public final class RootDirectory {
    static final int FANOUT = 16;
    private static final int BITS = 4;
    static final int LEVELS = Long.SIZE / BITS;

    private final Heap heap;
    private final PersistentMemory memory;
    private final BlockFinder finder;
    private final DirectoryReader reader;
    private final long rootSlot;
    private final TypeLayout nodeLayout;
    private final TypeLayout entryLayout;
    private final ToLongFunction<byte[]> hash;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /// The directory of the heap's arena.
    public RootDirectory(Heap heap) {
        this(heap, RootDirectory::hash);
    }

    /// The directory with another hash function, so that a test can make names collide.
    RootDirectory(Heap heap, ToLongFunction<byte[]> hash) {
        this.heap = heap;
        this.hash = hash;
        memory = heap.arena().memory();
        finder = heap.finder();
        reader = new DirectoryReader(heap);
        rootSlot = heap.arena().geometry().rootSlot(RootSlots.DIRECTORY);
        nodeLayout = heap.layouts().get(TypeLayout.DIRECTORY_NODE);
        entryLayout = heap.layouts().get(TypeLayout.DIRECTORY_ENTRY);
    }

    /// Where a search ended: the link that leads to the entry, or to where it would go.
    ///
    /// @param link offset of the link
    /// @param level how many nodes lie above it
    /// @param entry offset of the entry, 0 when the name is not there
    /// @param path links from the root to the nodes on the way
    private record Place(long link, int level, long entry, List<Long> path) {}

    /// The block under a name, or 0.
    public long get(String name) {
        byte[] bytes = check(name);
        Interleaving.lock(lock.readLock());
        try {
            long entry = find(bytes, hash.applyAsLong(bytes)).entry();
            return entry == 0 ? 0 : memory.getLongAcquire(entry + DirectoryReader.TARGET);
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Publishes a block under a name unless `onlyIfAbsent` and something is there; returns what was there.
    public long put(String name, long block, boolean onlyIfAbsent) {
        return put(name, block, onlyIfAbsent, false);
    }

    /// As [#put(String, long, boolean)]; `exported` says that a block of another node was exported there.
    ///
    /// @throws ForeignPointers when it was not; nothing has changed
    public long put(String name, long block, boolean onlyIfAbsent, boolean exported) {
        byte[] bytes = check(name);
        long hash = this.hash.applyAsLong(bytes);
        heap.checkTarget(block, exported);
        Interleaving.lock(lock.writeLock());
        try {
            Place place = find(bytes, hash);
            if (place.entry() == 0) {
                insert(place, bytes, hash, block, exported);
                return 0;
            }
            long before = memory.getLong(place.entry() + DirectoryReader.TARGET);
            if (!onlyIfAbsent) {
                heap.beforePointerTo(block, exported);
                link(place.entry() + DirectoryReader.TARGET, block);
            }
            return before;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Removes a name if it leads to `expected`; says whether it did.
    public boolean remove(String name, long expected) {
        byte[] bytes = check(name);
        Interleaving.lock(lock.writeLock());
        try {
            Place place = find(bytes, hash.applyAsLong(bytes));
            if (place.entry() == 0 || memory.getLong(place.entry() + DirectoryReader.TARGET) != expected) {
                return false;
            }
            link(place.link(), memory.getLong(place.entry() + DirectoryReader.NEXT));
            heap.freeSystem(finder.pointer(place.entry()));
            prune(place);
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Every name, sorted by its bytes.
    public List<String> names() {
        List<byte[]> names = new ArrayList<>();
        Interleaving.lock(lock.readLock());
        try {
            collect(memory.getLongAcquire(rootSlot), 0, new HashSet<>(), names);
        } finally {
            lock.readLock().unlock();
        }
        names.sort(Arrays::compareUnsigned);
        return names.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    private void collect(long pointer, int level, Set<Long> seen, List<byte[]> names) {
        if (pointer == 0) {
            return;
        }
        if (!seen.add(pointer)) {
            throw reader.damaged(pointer);
        }
        if (reader.isNode(pointer, level)) {
            for (int i = 0; i < FANOUT; i++) {
                collect(memory.getLongAcquire(offsetOf(pointer) + 8L * i), level + 1, seen, names);
            }
            return;
        }
        int length = 0;
        for (long entry = pointer; entry != 0; entry = reader.next(entry, length++)) {
            names.add(reader.name(entry));
        }
    }

    private Place find(byte[] name, long hash) {
        long link = rootSlot;
        List<Long> path = new ArrayList<>();
        int level = 0;
        long pointer = memory.getLongAcquire(link);
        while (pointer != 0 && reader.isNode(pointer, level)) {
            path.add(link);
            link = offsetOf(pointer) + 8L * digit(hash, level++);
            pointer = memory.getLongAcquire(link);
        }
        long first = link;
        for (int length = 0; pointer != 0; length++) {
            if (reader.hash(pointer) == hash && Arrays.equals(reader.name(pointer), name)) {
                return new Place(link, level, offsetOf(pointer), path);
            }
            link = offsetOf(pointer) + DirectoryReader.NEXT;
            pointer = reader.next(pointer, length);
        }
        return new Place(first, level, 0, path);
    }

    private void insert(Place place, byte[] name, long hash, long block, boolean exported) {
        long there = memory.getLong(place.link());
        long entry = heap.mallocWithin(entryLayout, DirectoryReader.NAME + name.length);
        long at = offsetOf(entry);
        memory.setLong(at + DirectoryReader.TARGET, block);
        memory.setLong(at + DirectoryReader.HASH, hash);
        memory.setInt(at + DirectoryReader.LENGTH, name.length);
        memory.copyIn(MemorySegment.ofArray(name), 0, at + DirectoryReader.NAME, name.length);
        List<Long> nodes = new ArrayList<>();
        try {
            long result = entry;
            if (there != 0) {
                long other = memory.getLong(offsetOf(there) + DirectoryReader.HASH);
                if (other == hash) {
                    memory.setLong(at + DirectoryReader.NEXT, there);
                } else {
                    result = fork(place.level(), entry, hash, there, other, nodes);
                }
            }
            heap.beforePointerTo(block, exported);
            heap.beforePointerTo(finder.systemBlockAt(entry));
            for (long node : nodes) {
                heap.beforePointerTo(finder.systemBlockAt(node));
            }
            link(place.link(), result);
        } catch (io.btd.api.BtdException e) {
            heap.freeSystem(entry);
            nodes.forEach(heap::freeSystem);
            throw e;
        }
    }

    /// Builds nodes down to where two hashes differ; `nodes` lists them, the deepest last.
    private long fork(int level, long entry, long hash, long there, long other, List<Long> nodes) {
        if (level == LEVELS) {
            throw reader.damaged(there);
        }
        long node = heap.mallocWithin(nodeLayout, 8L * FANOUT);
        nodes.add(node);
        int mine = digit(hash, level);
        int its = digit(other, level);
        long at = offsetOf(node);
        if (mine == its) {
            memory.setLong(at + 8L * mine, fork(level + 1, entry, hash, there, other, nodes));
        } else {
            memory.setLong(at + 8L * mine, entry);
            memory.setLong(at + 8L * its, there);
        }
        return node;
    }

    /// Takes out nodes that have become empty, from the lowest up, each by one store.
    private void prune(Place place) {
        for (int i = place.path().size() - 1; i >= 0; i--) {
            long link = place.path().get(i);
            long node = memory.getLong(link);
            long at = offsetOf(node);
            for (int digit = 0; digit < FANOUT; digit++) {
                if (memory.getLong(at + 8L * digit) != 0) {
                    return;
                }
            }
            link(link, 0);
            heap.freeSystem(node);
        }
    }

    private void link(long at, long pointer) {
        memory.setLongRelease(at, pointer);
        memory.persist(at, 8, HeapSite.DIRECTORY_LINK);
    }

    private static long offsetOf(long pointer) {
        return io.btd.api.GlobalPointer.offset(pointer);
    }

    private static int digit(long hash, int level) {
        return (int) (hash >>> Long.SIZE - BITS * (level + 1)) & FANOUT - 1;
    }

    /// FNV-1a, then a finaliser that spreads it over the high bits.
    static long hash(byte[] name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name) {
            hash = (hash ^ b & 0xff) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
        return hash ^ hash >>> 29;
    }

    private static byte[] check(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < 1 || bytes.length > Roots.MAX_NAME) {
            throw new InvalidRoot(
                    "root name refused: bytes=" + bytes.length, "use 1 to " + Roots.MAX_NAME + " bytes of UTF-8");
        }
        return bytes;
    }
}
