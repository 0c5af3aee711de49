// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Alloc;
import io.btd.api.AsyncCluster;
import io.btd.api.Batch;
import io.btd.api.BlockView;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.NotLocal;
import io.btd.api.ClusterStat;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.LocalAllocator;
import io.btd.api.RecoveryReport;
import io.btd.api.RemoteConfig;
import io.btd.api.Roots;
import io.btd.api.wire.Request;
import io.btd.client.Hint.Wish;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A cluster of nodes that are reached by messages. Every handle, the one that was opened and the views made of
/// it, is a set of verbs with a deadline and a hint over one shared core. Thread-safe; callers wait parked, so
/// that virtual threads give their carriers back.
public final class RemoteCluster implements BtdCluster {
    private final Verbs verbs;
    private final boolean owner;

    /// What recovery said last, for those who ask after the end.
    private volatile @Nullable RecoveryReport lastRecovery;

    RemoteCluster(Core core) {
        this(new Verbs(core, core.surroundings().config().deadline().toNanos(), Hint.ANYWHERE), true);
    }

    private RemoteCluster(Verbs verbs, boolean owner) {
        this.verbs = verbs;
        this.owner = owner;
    }

    @Override
    public long malloc(long size, Alloc alloc) {
        return verbs.awaitAnywhere(() -> verbs.malloc(size, 1, alloc))[0];
    }

    @Override
    public long malloc(Layout layout, long size) {
        return verbs.awaitAnywhere(() -> verbs.malloc(layout, size));
    }

    @Override
    public void malloc(long size, Alloc alloc, long[] blocks) {
        verbs.core().checkOpen();
        int done = 0;
        try {
            while (done < blocks.length) {
                int count = Math.min(blocks.length - done, Request.MAX_POINTERS);
                System.arraycopy(Verbs.await(verbs.malloc(size, count, alloc)), 0, blocks, done, count);
                done += count;
            }
        } finally {
            if (done < blocks.length) {
                giveBack(blocks, done);
            }
        }
    }

    private void giveBack(long[] blocks, int count) {
        try {
            free(Arrays.copyOf(blocks, count));
        } finally {
            Arrays.fill(blocks, 0, count, GlobalPointer.NULL);
        }
    }

    @Override
    public void free(long block) {
        verbs.await(block, () -> verbs.free(block));
    }

    /// Neighbours in the array that one node has travel together; the next ones follow when those are free, so
    /// that the order holds.
    @Override
    public void free(long[] blocks) {
        verbs.core().checkOpen();
        int from = 0;
        while (from < blocks.length) {
            int node = GlobalPointer.node(blocks[from]);
            int to = from + 1;
            while (to < blocks.length && to - from < Request.MAX_POINTERS && GlobalPointer.node(blocks[to]) == node) {
                to++;
            }
            Verbs.await(verbs.free(Arrays.copyOfRange(blocks, from, to)));
            from = to;
        }
    }

    @Override
    public long realloc(long block, long size) {
        return verbs.await(block, () -> verbs.realloc(block, size));
    }

    @Override
    public long usableSize(long block) {
        return verbs.await(block, () -> verbs.usableSize(block));
    }

    @Override
    public boolean unlinkAndFree(long slot, long expected, long replacement) {
        return verbs.await(slot, () -> verbs.unlinkAndFree(slot, expected, replacement));
    }

    @Override
    public void memcpy(long destination, MemorySegment source) {
        verbs.await(destination, () -> verbs.memcpy(destination, source));
    }

    @Override
    public void memcpy(long destination, long source, long bytes) {
        verbs.await(destination, () -> verbs.memcpy(destination, source, bytes));
    }

    @Override
    public Durability write(long destination, MemorySegment source, Durability durability) {
        return verbs.await(destination, () -> verbs.write(destination, source, durability));
    }

    @Override
    public void read(long source, MemorySegment destination) {
        read(source, destination, false);
    }

    @Override
    public void readRaw(long source, MemorySegment destination) {
        read(source, destination, true);
    }

    /// Answers arrive on another thread. What only the caller may write to is filled by the caller.
    private void read(long source, MemorySegment destination, boolean raw) {
        if (CallerBytes.isShared(destination)) {
            verbs.await(source, () -> verbs.read(source, destination, raw));
            return;
        }
        long at = 0;
        do {
            int count = (int) Math.min(Verbs.CHUNK, destination.byteSize() - at);
            MemorySegment between = MemorySegment.ofArray(new byte[count]);
            long from = source + at;
            verbs.await(from, () -> verbs.read(from, between, raw));
            MemorySegment.copy(between, 0, destination, at, count);
            at += count;
        } while (at < destination.byteSize());
    }

    @Override
    public long getLong(long address) {
        return verbs.await(address, () -> verbs.getLong(address));
    }

    @Override
    public void putPointer(long slot, long target) {
        verbs.await(slot, () -> verbs.putPointer(slot, target));
    }

    @Override
    public boolean compareAndSet(long address, long expected, long value) {
        return verbs.await(address, () -> verbs.compareAndSet(address, expected, value));
    }

    @Override
    public long getAndAdd(long address, long delta) {
        return verbs.await(address, () -> verbs.getAndAdd(address, delta));
    }

    @Override
    public long getAndSet(long address, long value) {
        return verbs.await(address, () -> verbs.getAndSet(address, value));
    }

    @Override
    public void adopt(long block) {
        verbs.await(block, () -> verbs.adopt(block));
    }

    @Override
    public Roots roots() {
        return new RemoteRoots(verbs);
    }

    @Override
    public BlockView view(long block) {
        usableSize(block); // says what is wrong with the pointer, if anything is
        int node = verbs.core().sessions().nodeOf(block);
        throw new NotLocal(
                block,
                "block is in the memory of another process: pointer=" + GlobalPointer.toString(block) + ", node="
                        + node,
                "read and write it through the cluster");
    }

    @Override
    public LocalAllocator local() {
        verbs.core().checkOpen();
        return new RemoteLocalAllocator(this);
    }

    @Override
    public BtdCluster withDeadline(Duration deadline) {
        RemoteConfig.requireDeadline(deadline);
        return view(verbs.within(deadline.toNanos()));
    }

    @Override
    public BtdCluster near(long block) {
        verbs.core().checkOpen();
        return view(verbs.with(new Hint(Wish.NEAR, verbs.core().sessions().nodeOf(block))));
    }

    @Override
    public BtdCluster on(int node) {
        verbs.core().checkOpen();
        if (!verbs.core().sessions().members().containsKey(node)) {
            throw new InvalidConfig(
                    "no such node: node=" + node,
                    "use one of " + verbs.core().sessions().members().keySet());
        }
        return view(verbs.with(new Hint(Wish.ON, node)));
    }

    @Override
    public BtdCluster spread() {
        return view(verbs.with(Hint.SPREAD));
    }

    private RemoteCluster view(Verbs others) {
        verbs.core().checkOpen();
        return new RemoteCluster(others, false);
    }

    @Override
    public AsyncCluster async() {
        verbs.core().checkOpen();
        return new RemoteAsync(verbs);
    }

    @Override
    public Batch batch() {
        verbs.core().checkOpen();
        return new RemoteBatch(verbs);
    }

    @Override
    public ClusterStat stat() {
        verbs.core().checkOpen();
        return new Survey(verbs.core()).stat(verbs.patience());
    }

    /// How the nodes came up, added together; clean when all of them were. Nodes that are down are left out. After
    /// [#close], what it said last.
    ///
    /// @throws io.btd.api.BtdException.Closed when it was not asked for before the end
    @Override
    public RecoveryReport recovery() {
        RecoveryReport known = lastRecovery;
        if (!verbs.core().isOpen() && known != null) {
            return known;
        }
        verbs.core().checkOpen();
        RecoveryReport report = new Survey(verbs.core()).recovery(verbs.patience());
        lastRecovery = report;
        return report;
    }

    /// Lets calls in progress end, ends the sessions, so that what they hold and did not publish is given back,
    /// and closes the connections, all within the deadline.
    @Override
    public void close() {
        if (owner) {
            verbs.core().close();
        }
    }

    /// The cluster's servers and namespace.
    @Override
    public String toString() {
        return "remote " + verbs.core().surroundings().config();
    }
}
