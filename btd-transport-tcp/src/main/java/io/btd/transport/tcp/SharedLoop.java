// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Connection.Turn;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// An event loop with a thread of its own, whose work a caller may do himself while he waits for an answer: then the
/// answer wakes him, and not first the loop's thread and by it him. Thread-safe.
///
/// At any time at most one thread, `runner`, is in the loop; being in it passes by that volatile field alone. Its own
/// thread leaves when somebody wished for a turn and no answer is due, and then sleeps a tick at a time. It comes back
/// when a turn ended with work left, when somebody else has work, and after a tick in which nobody began a turn: so
/// nothing waits for longer than two ticks, even for one whose turn does not end.
final class SharedLoop extends SingleThreadIoEventLoop implements Turn {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TASKS = TimeUnit.SECONDS.toNanos(1);
    private static final VarHandle RUNNER;

    static {
        try {
            RUNNER = MethodHandles.lookup().findVarHandle(SharedLoop.class, "runner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Set<BooleanSupplier> guests = ConcurrentHashMap.newKeySet();
    /// Turns that were begun.
    private final AtomicInteger turns = new AtomicInteger();
    private volatile @Nullable Thread home;
    private volatile @Nullable Thread runner;
    private volatile boolean recalled;
    private volatile boolean wished;

    SharedLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory io) {
        super(parent, executor, loop -> new SharedIo(io.newHandler(loop), (SharedLoop) loop));
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == runner;
    }

    /// A connection that has come: while it expects frames, turns are not given.
    void add(BooleanSupplier expectsFrames) {
        guests.add(expectsFrames);
    }

    /// A connection that has gone.
    void remove(BooleanSupplier expectsFrames) {
        guests.remove(expectsFrames);
    }

    /// Lets the caller into the loop, if nobody is there. A virtual thread would keep its carrier while it waits.
    @Nullable
    Turn turn() {
        Thread caller = Thread.currentThread();
        if (caller.isVirtual()) {
            return null;
        }
        if (runner == null && home != null && !recalled && RUNNER.compareAndSet(this, (Thread) null, caller)) {
            turns.incrementAndGet();
            return this;
        }
        if (!wished && runner != caller) {
            wished = true;
        }
        return null;
    }

    @Override
    public void until(Future<?> answer) {
        runAllTasks(TASKS);
        while (!answer.isDone() && !recalled && !isShuttingDown()) {
            runIo();
            runAllTasks(TASKS);
        }
    }

    @Override
    public void close() {
        leave();
        if (recalled) {
            LockSupport.unpark(home);
        }
    }

    /// After the field was cleared: who adds a task looks at the field after that, so one of the two sees the other.
    private void leave() {
        runner = null;
        if (pendingTasks() != 0 || isShuttingDown() || expectsFrames()) {
            recalled = true;
        }
    }

    private boolean expectsFrames() {
        for (BooleanSupplier guest : guests) {
            if (guest.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    /// There is a task. Whoever is in the loop is woken by `io`.
    void called(SharedIo io) {
        Thread sleeping = home;
        if (runner == null && sleeping != null) {
            recalled = true;
            LockSupport.unpark(sleeping);
        } else {
            io.wakeRunner();
        }
    }

    @Override
    protected void run() {
        home = Thread.currentThread();
        enter();
        ioHandler().initialize();
        do {
            if (wished && !hasTasks() && !isShuttingDown() && !expectsFrames()) {
                wished = false;
                lend();
            }
            runIo();
            if (isShuttingDown()) {
                ioHandler().prepareToDestroy();
            }
            runAllTasks(TASKS);
        } while (!confirmShutdown());
    }

    private void lend() {
        leave();
        int before = turns.get() - 1;
        while (!recalled && turns.get() != before) {
            before = turns.get();
            sleep();
        }
        enter();
    }

    private void enter() {
        while (!RUNNER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
            recalled = true;
            ((SharedIo) ioHandler()).wakeRunner();
            sleep();
        }
        recalled = false;
    }

    private void sleep() {
        LockSupport.parkNanos(this, TICK);
        var _ = Thread.interrupted(); // else it would not sleep the next time
    }
}
