// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.ResourceKind;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Something native that has owners and may own others. Closing it closes what it owns first, youngest first, and does
/// nothing the second time. Any thread may close it, also while others use it: they end with
/// [BtdException.Closed].
///
/// Its native structure is a segment of an arena of its own. A call in progress keeps that open, and closing waits for
/// it
/// before anything is destroyed, so no call sees freed memory.
public abstract class Resource implements AutoCloseable {
    /// Serialises opening and closing of all resources of a provider.
    private final ReentrantLock lock;

    private final ResourceCounts counts;
    private final @Nullable ResourceKind kind;
    private final List<Resource> owners;
    private final Arena memory = Arena.ofShared();

    /// What this owns, in the order of making. Guarded by [#lock].
    private final SequencedSet<Resource> owned = new LinkedHashSet<>();

    private volatile boolean closed;

    /// The owner of everything.
    Resource(ResourceCounts counts) {
        this.lock = new ReentrantLock();
        this.counts = counts;
        this.kind = null;
        this.owners = List.of();
    }

    /// Something that was made natively within [#open] and is from now on owned.
    ///
    /// @param kind as what it is counted, null where it is not
    Resource(@Nullable ResourceKind kind, Resource... owners) {
        this.owners = List.of(owners);
        this.lock = this.owners.getFirst().lock;
        this.counts = this.owners.getFirst().counts;
        this.kind = kind;
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("made outside of open");
        }
        this.owners.forEach(owner -> owner.owned.add(this));
        if (kind != null) {
            counts.opened(kind);
        }
    }

    /// Makes something.
    interface Opening<T> {
        T open() throws VerbsException;
    }

    /// Uses something.
    interface Use {
        void use() throws VerbsException;
    }

    /// Makes something for owners that stay open meanwhile.
    static <T> T open(Opening<T> opening, Resource... owners) throws VerbsException {
        ReentrantLock lock = owners[0].lock;
        lock.lock();
        try {
            for (Resource owner : owners) {
                owner.requireOpen();
            }
            return opening.open();
        } finally {
            lock.unlock();
        }
    }

    /// Holds a new resource against what it should be; it is closed where that fails.
    static <T extends Resource> T checked(T made, Runnable check) {
        try {
            check.run();
            return made;
        } catch (RuntimeException e) {
            try (made) {
                throw e;
            }
        }
    }

    /// Destroys what was made natively. Called once, when nothing that this owns is left and nobody uses it.
    abstract void release() throws VerbsException;

    /// Lets go who waits in this, and nobody in any more. Called at least once before [#release], without the lock.
    void stop() {}

    /// The native structure at an address, for as long as this is open.
    final MemorySegment view(long address, MemoryLayout layout) {
        return NativeLibrary.view(address, layout.byteSize(), memory);
    }

    final void requireOpen() {
        if (closed) {
            throw closed();
        }
    }

    /// Calls something that takes this resource's structure.
    final void use(Use use) throws VerbsException {
        requireOpen();
        try {
            use.use();
        } catch (IllegalStateException e) {
            throw orClosed(e);
        }
    }

    /// What a call ended in: it was closed meanwhile, or something else.
    final RuntimeException orClosed(IllegalStateException e) {
        return memory.scope().isAlive() ? e : closed();
    }

    final BtdException closed() {
        return new BtdException.Closed("this is closed: resource=" + getClass().getSimpleName());
    }

    /// Whether it was closed, or is being closed.
    public final boolean isClosed() {
        return closed;
    }

    /// Closes what this owns, and this.
    ///
    /// @throws UncheckedIOException if something could not be destroyed. All else has been closed
    @Override
    public final void close() {
        List<Resource> all = new ArrayList<>();
        lock.lock();
        try {
            collect(all);
        } finally {
            lock.unlock();
        }
        all.forEach(Resource::stop);
        List<VerbsException> failures = new ArrayList<>();
        lock.lock();
        try {
            end(failures);
        } finally {
            lock.unlock();
        }
        if (!failures.isEmpty()) {
            VerbsException first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw new UncheckedIOException(first);
        }
    }

    private void collect(List<Resource> all) {
        if (!closed) {
            all.add(this);
            owned.forEach(resource -> resource.collect(all));
        }
    }

    private void end(List<VerbsException> failures) {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(owned.reversed()).forEach(resource -> resource.end(failures));
        closeMemory();
        owners.forEach(owner -> owner.owned.remove(this));
        try {
            release();
            if (kind != null) {
                counts.closed(kind);
            }
        } catch (VerbsException e) {
            failures.add(e);
        }
    }

    /// The arena does not close while a call uses it. Calls are short, and who is in one needs the processor.
    @SuppressWarnings("ThreadPriorityCheck")
    private void closeMemory() {
        while (memory.scope().isAlive()) {
            try {
                memory.close();
            } catch (IllegalStateException inUse) {
                Thread.yield();
            }
        }
    }
}
