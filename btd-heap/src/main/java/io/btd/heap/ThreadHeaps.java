// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.Closed;
import io.btd.pmem.Interleaving;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the calling thread's heap, and keeps the operations in progress apart from closing.
///
/// A platform thread finds its heap in a table by thread id, with an owner check: two loads and a compare.
/// Virtual threads share a fixed number of stripes. A dead thread's heap is taken over when
/// many new ones were made, or memory is short.
///
/// Closing is asymmetric: an operation only notes its depth in its own heap; the closer raises the flag,
/// forces every thread through a handshake (closing a shared arena does that) and then waits for the
/// depths to fall to zero. An operation that began before the handshake is seen by the closer, one that
/// begins after it sees the flag.
final class ThreadHeaps {
    private static final int TABLE = 1024;
    private static final int FEW = 16;
    private static final long PAUSE_NANOS = 20_000;
    private static final int STRIPES =
            2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 2 - 1);

    private final @Nullable ThreadHeap[] table = new ThreadHeap[TABLE];
    private final ThreadHeap[] stripes = new ThreadHeap[STRIPES];
    private final Map<Thread, ThreadHeap> byThread = new ConcurrentHashMap<>();
    private final String name;
    private final AtomicInteger newHeaps = new AtomicInteger();
    private final boolean allShare;
    private volatile boolean closed;

    /// @param allShare whether platform threads use stripes as well: a little slower, and nothing that is free is out
    ///     of reach of [#emptyStripes]
    ThreadHeaps(String name, boolean allShare) {
        this.name = name;
        this.allShare = allShare;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ThreadHeap(null);
        }
    }

    /// The heap of the calling thread; a stripe for a virtual thread.
    ThreadHeap current() {
        Thread thread = Thread.currentThread();
        ThreadHeap heap = table[(int) thread.threadId() & TABLE - 1];
        return heap != null && heap.owner == thread ? heap : find(thread);
    }

    private ThreadHeap find(Thread thread) {
        if (allShare || thread.isVirtual()) {
            return stripes[(int) (thread.threadId() * 0x9E3779B97F4A7C15L >>> 40) & STRIPES - 1];
        }
        ThreadHeap heap = byThread.computeIfAbsent(thread, owner -> {
            newHeaps.incrementAndGet();
            return new ThreadHeap(owner);
        });
        table[(int) thread.threadId() & TABLE - 1] = heap;
        return heap;
    }

    /// Begins an operation that uses the magazines of `heap`, which is the calling thread's.
    void enter(ThreadHeap heap) {
        if (heap.owner == null) {
            Interleaving.lock(heap.lock);
        }
        heap.begin();
        if (closed) {
            exit(heap);
            throw closedError();
        }
    }

    /// As [#enter], inside an operation that the calling thread has begun and that closing waits for.
    void enterWithin(ThreadHeap heap) {
        if (heap.owner == null) {
            Interleaving.lock(heap.lock);
        }
        heap.begin();
    }

    /// Ends it.
    void exit(ThreadHeap heap) {
        heap.end();
        if (heap.owner == null) {
            heap.lock.unlock();
        }
    }

    /// Begins an operation that uses no magazine; pass the result to [#exitShared].
    ThreadHeap enterShared() {
        ThreadHeap heap = current();
        if (heap.owner == null) {
            heap.guests.incrementAndGet();
        } else {
            heap.begin();
        }
        if (closed) {
            exitShared(heap);
            throw closedError();
        }
        return heap;
    }

    /// Ends it.
    void exitShared(ThreadHeap heap) {
        if (heap.owner == null) {
            heap.guests.decrementAndGet();
        } else {
            heap.end();
        }
    }

    private Closed closedError() {
        return new Closed("cluster is closed: arena=" + name);
    }

    /// Whether so many heaps were made since the last time that it is worth looking for dead threads.
    boolean worthTakingDead() {
        return newHeaps.get() > FEW + byThread.size() / 2;
    }

    /// Takes out the heaps of threads that have died; the caller, inside an operation, owns them.
    List<ThreadHeap> takeDead() {
        newHeaps.set(0);
        List<ThreadHeap> dead = new ArrayList<>();
        for (Thread thread : List.copyOf(byThread.keySet())) {
            ThreadHeap heap = thread.isAlive() ? null : byThread.remove(thread);
            if (heap != null) {
                int slot = (int) thread.threadId() & TABLE - 1;
                if (table[slot] == heap) {
                    table[slot] = null;
                }
                dead.add(heap);
            }
        }
        return dead;
    }

    /// Passes on every stripe that nobody uses just now, but for `own`, which the caller uses.
    void emptyStripes(ThreadHeap own, Consumer<ThreadHeap> empty) {
        for (ThreadHeap stripe : stripes) {
            if (stripe != own && stripe.lock.tryLock()) {
                try {
                    empty.accept(stripe);
                } finally {
                    stripe.lock.unlock();
                }
            }
        }
    }

    /// Lets no operation begin, waits for those in progress, and returns every heap; false if it was closed
    /// before, with nothing returned.
    boolean close(List<ThreadHeap> all) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        Arena.ofShared().close();
        all.addAll(byThread.values());
        all.addAll(List.of(stripes));
        for (ThreadHeap heap : all) {
            while (heap.busy()) {
                Interleaving.pause(PAUSE_NANOS);
            }
        }
        return true;
    }
}
