// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.Alloc;
import io.btd.api.ArenaConfig;
import io.btd.api.ArenaStat;
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
import io.btd.api.ScanKind;
import io.btd.gc.Recovery;
import io.btd.heap.Block;
import io.btd.heap.Heap;
import io.btd.heap.TypeLayout;
import io.btd.log.Copier;
import io.btd.log.RedoLog;
import io.btd.log.StripeLocks;
import io.btd.log.Words;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Medium;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The cluster of one node in this process: calls go straight to the heap; no message is built, no thread
/// is switched.
public final class EmbeddedCluster implements BtdCluster {
    private final ArenaFile arena;
    private final Heap heap;
    private final Copier copier;
    private final Words words;
    private final EmbeddedRoots roots;
    private final RecoveryReport recovery;
    private final boolean owner;

    private EmbeddedCluster(ArenaFile arena, Heap heap, RecoveryReport recovery) {
        this.arena = arena;
        this.heap = heap;
        this.recovery = recovery;
        StripeLocks locks = new StripeLocks();
        copier = new Copier(heap, locks, new RedoLog(arena, heap.pages(), heap.inFlight()));
        words = new Words(heap, locks);
        roots = new EmbeddedRoots(heap);
        owner = true;
    }

    /// Another handle on the same cluster, whose close does nothing.
    private EmbeddedCluster(EmbeddedCluster other) {
        arena = other.arena;
        heap = other.heap;
        copier = other.copier;
        words = other.words;
        roots = other.roots;
        recovery = other.recovery;
        owner = false;
    }

    /// Opens the arena in a file, recovering it if need be.
    public static EmbeddedCluster open(ArenaConfig config) {
        return open(
                ArenaFile.open(
                        config.arena(),
                        config.create(),
                        config.capacity(),
                        config.node(),
                        config.arenaId(),
                        config.domain().orElse(null)),
                config.zeroOnFree());
    }

    /// Opens the arena on a medium, recovering it if need be.
    public static EmbeddedCluster open(Medium medium, boolean zeroOnFree) {
        return open(ArenaFile.open(medium), zeroOnFree);
    }

    /// The calls over a heap that is open already; they close it.
    public static EmbeddedCluster over(ArenaFile arena, Heap heap, RecoveryReport recovery) {
        return new EmbeddedCluster(arena, heap, recovery);
    }

    private static EmbeddedCluster open(ArenaFile arena, boolean zeroOnFree) {
        try {
            RecoveryReport recovery = Recovery.run(arena, zeroOnFree);
            return new EmbeddedCluster(arena, new Heap(arena, zeroOnFree), recovery);
        } catch (RuntimeException e) {
            arena.medium().close();
            throw e;
        }
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
            arena.memory().move(old.base(), target.base(), old.size());
            target.markDirty();
            try {
                heap.freeWithin(block);
            } catch (BtdException refused) {
                heap.freeWithin(grown);
                throw refused;
            }
            return grown;
        }
    }

    @Override
    public long usableSize(long block) {
        try (var _ = heap.begin()) {
            return heap.finder().blockAt(block).size();
        }
    }

    @Override
    public boolean unlinkAndFree(long slot, long expected, long replacement) {
        return words.unlinkAndFree(slot, expected, replacement);
    }

    @Override
    public void memcpy(long destination, MemorySegment source) {
        copier.copyIn(destination, source);
    }

    @Override
    public void memcpy(long destination, long source, long bytes) {
        copier.copy(destination, source, bytes);
    }

    @Override
    public Durability write(long destination, MemorySegment source, Durability durability) {
        return copier.write(destination, source, durability);
    }

    @Override
    public void read(long source, MemorySegment destination) {
        copier.read(source, destination);
    }

    @Override
    public void readRaw(long source, MemorySegment destination) {
        copier.readRaw(source, destination);
    }

    @Override
    public long getLong(long address) {
        return words.get(address);
    }

    @Override
    public void putPointer(long slot, long target) {
        words.putPointer(slot, target);
    }

    @Override
    public boolean compareAndSet(long address, long expected, long value) {
        return words.compareAndSet(address, expected, value);
    }

    @Override
    public long getAndAdd(long address, long delta) {
        return words.getAndAdd(address, delta);
    }

    @Override
    public long getAndSet(long address, long value) {
        return words.getAndSet(address, value);
    }

    @Override
    public Roots roots() {
        return roots;
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
        if (GlobalPointer.node(block) != arena.node()) {
            throw new BtdException.InvalidPointer(
                    block,
                    BtdException.PointerFault.FOREIGN,
                    "pointer of another cluster: pointer=" + GlobalPointer.toString(block),
                    "the only node is " + arena.node());
        }
        return handle();
    }

    @Override
    public BtdCluster on(int node) {
        if (node != arena.node()) {
            throw new BtdException.InvalidConfig("no such node: node=" + node, "the only one is " + arena.node());
        }
        return handle();
    }

    @Override
    public BtdCluster spread() {
        return handle();
    }

    private BtdCluster handle() {
        try (var _ = heap.begin()) {
            return new EmbeddedCluster(this);
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
        try (var _ = heap.begin()) {
            long pageShift = arena.geometry().pageShift();
            long capacity = arena.geometry().capacityPages();
            ArenaStat stat = new ArenaStat(
                    arena.medium().name(),
                    arena.memory().domain(),
                    arena.node(),
                    arena.arenaId(),
                    arena.generation(),
                    capacity << pageShift,
                    capacity - heap.pages().availablePages() << pageShift,
                    heap.pages().metadataBytes(),
                    heap.count(),
                    heap.pinned(),
                    heap.illegalFrees());
            NodeStat node = new NodeStat(
                    arena.node(),
                    NodeStat.State.UP,
                    "embedded",
                    arena.medium().name(),
                    arena.generation(),
                    1,
                    0,
                    List.of(stat));
            return new ClusterStat(List.of(node), 0, 0);
        }
    }

    @Override
    public RecoveryReport recovery() {
        return recovery;
    }

    @Override
    public void close() {
        if (!owner) {
            return;
        }
        Optional<Boolean> settled = Optional.of(false);
        try {
            settled = heap.close();
            settled.ifPresent(arena::markClosed);
        } finally {
            if (settled.isPresent()) {
                arena.medium().close();
            }
        }
    }

    /// What the arena is called in messages.
    @Override
    public String toString() {
        return "embedded cluster: arena=" + arena.medium().name();
    }
}
