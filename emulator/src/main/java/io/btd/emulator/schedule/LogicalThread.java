// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import io.btd.pmem.MemoryHook.Access;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread of a [Scheduler]: between two scheduling points it runs, and at one it goes on only when it has the turn.
/// A platform thread, so that it has magazines of its own as a program's threads have.
public final class LogicalThread extends Thread {
    private final Scheduler scheduler;
    private final int number;
    private volatile @Nullable Runnable program;
    private volatile boolean closed;

    LogicalThread(Scheduler scheduler, int number) {
        super(null, null, "logical-" + number, 0, false);
        this.scheduler = scheduler;
        this.number = number;
        setDaemon(true);
        start();
    }

    /// Its number in its scheduler, from 0.
    public int number() {
        return number;
    }

    /// A scheduling point of the calling thread, if it is a logical one: before an operation on persistent memory.
    public static void point(Access access, long offset) {
        if (Thread.currentThread() instanceof LogicalThread thread) {
            thread.scheduler.point(thread, access, offset);
        }
    }

    /// A scheduling point of the calling thread, if it is a logical one: before an access to volatile state.
    public static void point() {
        if (Thread.currentThread() instanceof LogicalThread thread) {
            thread.scheduler.point(thread, null, 0);
        }
    }

    /// Called by a thread that waits for another; true when others were let run.
    public static boolean waits() {
        return Thread.currentThread() instanceof LogicalThread thread && thread.scheduler.waits(thread);
    }

    void give(Runnable next) {
        program = next;
        LockSupport.unpark(this);
    }

    void close() {
        closed = true;
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        while (!closed) {
            Runnable next = program;
            if (next == null) {
                LockSupport.park(this);
            } else {
                program = null;
                scheduler.perform(this, next);
                interrupted(); // by a scheduler that gave the schedule up
            }
        }
    }
}
