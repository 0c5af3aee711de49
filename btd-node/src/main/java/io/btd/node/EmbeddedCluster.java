// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.Alloc;
import io.btd.api.ArenaConfig;
import io.btd.api.AsyncCluster;
import io.btd.api.Batch;
import io.btd.api.BlockView;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.ClusterStat;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.LocalAllocator;
import io.btd.api.NodeStat;
import io.btd.api.RecoveryReport;
import io.btd.api.RemoteConfig;
import io.btd.api.Roots;
import io.btd.heap.Heap;
import io.btd.node.arena.OpenArena;
import io.btd.pmem.Medium;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/// The cluster of one node in this process: calls go straight to the heap; no message is built, no thread
/// is switched.
public final class EmbeddedCluster implements BtdCluster {
    private final OpenArena arena;
    private final Heap heap;
    private final boolean owner;

    private EmbeddedCluster(OpenArena arena, boolean owner) {
        this.arena = arena;
        this.heap = arena.heap();
        this.owner = owner;
    }

    /// Opens the arena in a file, recovering it if need be.
    public static EmbeddedCluster open(ArenaConfig config) {
        return new EmbeddedCluster(OpenArena.open(config), true);
    }

    /// Opens the arena on a medium, recovering it if need be.
    public static EmbeddedCluster open(Medium medium, boolean zeroOnFree) {
        return new EmbeddedCluster(OpenArena.open(medium, zeroOnFree), true);
    }

    /// The calls over a heap that is open already; they close it.
    public static EmbeddedCluster over(Heap heap, RecoveryReport recovery) {
        return new EmbeddedCluster(OpenArena.over(heap, recovery), true);
    }

    @Override
    public long malloc(long size, Alloc alloc) {
        return heap.malloc(size, alloc);
    }

    @Override
    public long malloc(Layout layout, long size) {
        return heap.malloc(layout, size);
    }

    @Override
    public void malloc(long size, Alloc alloc, long[] blocks) {
        int done = 0;
        try {
            for (; done < blocks.length; done++) {
                blocks[done] = heap.malloc(size, alloc);
            }
        } finally {
            if (done < blocks.length) {
                for (int i = 0; i < done; i++) {
                    heap.free(blocks[i]);
                    blocks[i] = GlobalPointer.NULL;
                }
            }
        }
    }

    @Override
    public void free(long block) {
        heap.free(block);
    }

    @Override
    public void free(long[] blocks) {
        for (long block : blocks) {
            heap.free(block);
        }
    }

    @Override
    public long realloc(long block, long size) {
        return arena.realloc(block, size, heap::freeWithin);
    }

    @Override
    public long usableSize(long block) {
        try (var _ = heap.begin()) {
            return heap.finder().blockAt(block).size();
        }
    }

    @Override
    public boolean unlinkAndFree(long slot, long expected, long replacement) {
        return arena.words().unlinkAndFree(slot, expected, replacement);
    }

    @Override
    public void memcpy(long destination, MemorySegment source) {
        arena.copier().copyIn(destination, source);
    }

    @Override
    public void memcpy(long destination, long source, long bytes) {
        arena.copier().copy(destination, source, bytes);
    }

    @Override
    public Durability write(long destination, MemorySegment source, Durability durability) {
        return arena.copier().write(destination, source, durability);
    }

    @Override
    public void read(long source, MemorySegment destination) {
        arena.copier().read(source, destination);
    }

    @Override
    public void readRaw(long source, MemorySegment destination) {
        arena.copier().readRaw(source, destination);
    }

    @Override
    public long getLong(long address) {
        return arena.words().get(address);
    }

    @Override
    public void putPointer(long slot, long target) {
        arena.words().putPointer(slot, target);
    }

    @Override
    public boolean compareAndSet(long address, long expected, long value) {
        return arena.words().compareAndSet(address, expected, value);
    }

    @Override
    public long getAndAdd(long address, long delta) {
        return arena.words().getAndAdd(address, delta);
    }

    @Override
    public long getAndSet(long address, long value) {
        return arena.words().getAndSet(address, value);
    }

    @Override
    public Roots roots() {
        return arena.roots();
    }

    @Override
    public BlockView view(long block) {
        try (var _ = heap.begin()) {
            return new EmbeddedView(heap, block);
        }
    }

    @Override
    public LocalAllocator local() {
        try (var _ = heap.begin()) {
            return heap.local();
        }
    }

    @Override
    public void adopt(long block) {
        usableSize(block);
    }

    @Override
    public BtdCluster withDeadline(Duration deadline) {
        RemoteConfig.requireDeadline(deadline);
        return handle();
    }

    @Override
    public BtdCluster near(long block) {
        if (GlobalPointer.node(block) != arena.file().node()) {
            throw new BtdException.InvalidPointer(
                    block,
                    BtdException.PointerFault.FOREIGN,
                    "pointer of another cluster: pointer=" + GlobalPointer.toString(block),
                    "the only node is " + arena.file().node());
        }
        return handle();
    }

    @Override
    public BtdCluster on(int node) {
        if (node != arena.file().node()) {
            throw new BtdException.InvalidConfig(
                    "no such node: node=" + node,
                    "the only one is " + arena.file().node());
        }
        return handle();
    }

    @Override
    public BtdCluster spread() {
        return handle();
    }

    private BtdCluster handle() {
        try (var _ = heap.begin()) {
            return new EmbeddedCluster(arena, false); // whose close does nothing
        }
    }

    @Override
    public AsyncCluster async() {
        return new EmbeddedAsync(this);
    }

    @Override
    public Batch batch() {
        return new EmbeddedBatch(this);
    }

    @Override
    public ClusterStat stat() {
        NodeStat node = new NodeStat(
                arena.file().node(),
                NodeStat.State.UP,
                "embedded",
                name(),
                arena.file().generation(),
                1,
                0,
                List.of(arena.stat()));
        return new ClusterStat(List.of(node), 0, 0);
    }

    @Override
    public RecoveryReport recovery() {
        return arena.recovery();
    }

    @Override
    public void close() {
        if (owner) {
            arena.close();
        }
    }

    private String name() {
        return arena.file().medium().name();
    }

    /// What the arena is called in messages.
    @Override
    public String toString() {
        return "embedded cluster: arena=" + name();
    }
}
