// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.Roots;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A cluster in a Java map that takes every word of the contract literally: typed blocks only, reads and
/// writes inside live blocks, pointer words that name live blocks, frees of blocks nobody reaches. Every
/// call that changes something is failure-atomic, so the states a crash can leave are those between two
/// calls: [#crashAfter] stops there, [#recover] goes on with what can be reached. Addresses are reused at
/// once, the last freed first.
final class StrictCluster extends PartialCluster {
    /// What the process dies of; not an exception anybody handles.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private record Block(Layout layout, ByteBuffer bytes) {}

    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private final Map<String, Long> named = new HashMap<>();
    private final Map<Long, Deque<Long>> free = new HashMap<>();
    private long end = GlobalPointer.of(1, 1, 4096);
    private long room = Long.MAX_VALUE;
    private long callsLeft = Long.MAX_VALUE;
    private long calls;

    /// Lets `changes` more calls change something, and dies in the next.
    void crashAfter(long changes) {
        callsLeft = changes;
    }

    /// How many calls have changed something.
    long calls() {
        return calls;
    }

    /// Leaves room for `bytes` more.
    void limit(long bytes) {
        room = bytes;
    }

    int blocks() {
        return blocks.size();
    }

    /// Recovers after a crash: frees what cannot be reached, and checks that nothing reachable leads to a block
    /// that is gone.
    ///
    /// @return how many blocks came back
    int recover() {
        callsLeft = Long.MAX_VALUE;
        Set<Long> reached = reachable();
        Set<Long> lost = new HashSet<>(blocks.keySet());
        lost.removeAll(reached);
        lost.forEach(this::release);
        return lost.size();
    }

    private Set<Long> reachable() {
        Set<Long> reached = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>(named.values());
        while (!open.isEmpty()) {
            long address = open.pop();
            if (!reached.add(address)) {
                continue;
            }
            Block block = blocks.get(address);
            if (block == null) {
                throw new AssertionError("dangling pointer to " + GlobalPointer.toString(address));
            }
            for (long offset : block.layout().pointerOffsets()) {
                long target = block.bytes().getLong((int) offset);
                if (target != 0) {
                    open.push(target);
                }
            }
        }
        return reached;
    }

    private void change() {
        if (callsLeft-- <= 0) {
            callsLeft = 0;
            throw new Crash();
        }
        calls++;
    }

    private void release(long address) {
        Block block = blocks.remove(address);
        if (block == null) {
            throw new AssertionError("free of no block: " + GlobalPointer.toString(address));
        }
        long size = block.bytes().capacity();
        room += size;
        free.computeIfAbsent(size, none -> new ArrayDeque<>()).push(address);
    }

    private Map.Entry<Long, Block> at(long address, long length) {
        Map.Entry<Long, Block> found = blocks.floorEntry(address);
        if (found == null
                || address + length > found.getKey() + found.getValue().bytes().capacity()) {
            throw new AssertionError("not in a block: " + GlobalPointer.toString(address) + ", length=" + length);
        }
        return found;
    }

    private void requireLive(long target) {
        if (target != 0 && !blocks.containsKey(target)) {
            throw new AssertionError("not a live block: " + GlobalPointer.toString(target));
        }
    }

    @Override
    public long malloc(Layout layout, long size) {
        change();
        long rounded = (size + 15) / 16 * 16;
        if (rounded > room) {
            throw new BtdException.Full("no room: size=" + size, room, "free something");
        }
        room -= rounded;
        Deque<Long> reusable = free.getOrDefault(rounded, new ArrayDeque<>());
        long address = reusable.isEmpty() ? end : reusable.pop();
        if (address == end) {
            end += rounded;
        }
        blocks.put(address, new Block(layout, ByteBuffer.allocate((int) rounded).order(ByteOrder.LITTLE_ENDIAN)));
        return address;
    }

    @Override
    public void free(long block) {
        change();
        release(block);
        if (reachable().contains(block)) {
            throw new AssertionError("freed while reachable");
        }
    }

    @Override
    public boolean unlinkAndFree(long slot, long expected, long replacement) {
        if (getLong(slot) != expected) {
            return false;
        }
        change();
        store(slot, replacement);
        release(expected);
        return true;
    }

    @Override
    public void memcpy(long destination, MemorySegment source) {
        change();
        Map.Entry<Long, Block> block = at(destination, source.byteSize());
        byte[] bytes = source.toArray(ValueLayout.JAVA_BYTE);
        block.getValue().bytes().put((int) (destination - block.getKey()), bytes);
        for (long offset : block.getValue().layout().pointerOffsets()) {
            requireLive(block.getValue().bytes().getLong((int) offset));
        }
    }

    @Override
    public void putPointer(long slot, long target) {
        change();
        store(slot, target);
    }

    private void store(long slot, long target) {
        requireLive(target);
        Map.Entry<Long, Block> block = at(slot, 8);
        long offset = slot - block.getKey();
        if (!block.getValue().layout().pointerOffsets().contains(offset)) {
            throw new AssertionError("not a pointer field: offset=" + offset);
        }
        block.getValue().bytes().putLong((int) offset, target);
    }

    @Override
    public void read(long source, MemorySegment destination) {
        Map.Entry<Long, Block> block = at(source, destination.byteSize());
        MemorySegment.copy(
                MemorySegment.ofArray(block.getValue().bytes().array()),
                source - block.getKey(),
                destination,
                0,
                destination.byteSize());
    }

    @Override
    public long getLong(long address) {
        Map.Entry<Long, Block> block = at(address, 8);
        return block.getValue().bytes().getLong((int) (address - block.getKey()));
    }

    @Override
    public Roots roots() {
        return new Roots() {
            @Override
            public long get(String name) {
                return named.getOrDefault(name, 0L);
            }

            @Override
            public long put(String name, long block) {
                change();
                requireLive(block);
                Long before = named.put(name, block);
                return before == null ? 0 : before;
            }

            @Override
            public long putIfAbsent(String name, long block) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean remove(String name, long expected) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<String> names() {
                return List.copyOf(named.keySet());
            }

            @Override
            public long slot(int number) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long setSlotOnce(int number, long block) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public void close() {}
}
