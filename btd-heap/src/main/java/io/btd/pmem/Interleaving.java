// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where threads meet outside of persistent memory, and where they wait for each other: what a scheduler has to
/// see beside the gateway's operations, so that it can try every order and is not left with a thread that waits for
/// one it has stopped.
///
/// Without a hook each method is what it stands for, and [#point] is nothing at all in compiled code.
public final class Interleaving {
    private static final @Nullable MemoryHook HOOK = PersistentMemory.hook();

    private Interleaving() {}

    /// Before an access to volatile state that other threads change.
    public static void point() {
        if (HOOK != null) {
            HOOK.point();
        }
    }

    /// In a loop that ends when another thread has done something.
    public static void spin() {
        if (HOOK == null || !HOOK.waits()) {
            Thread.onSpinWait();
        }
    }

    /// As [#spin], where it may take longer.
    public static void pause(long nanos) {
        if (HOOK == null || !HOOK.waits()) {
            LockSupport.parkNanos(nanos);
        }
    }

    /// Takes a lock.
    public static void lock(Lock lock) {
        if (HOOK != null) {
            HOOK.point();
            while (!lock.tryLock()) {
                if (!HOOK.waits()) {
                    lock.lock();
                    return;
                }
            }
            return;
        }
        lock.lock();
    }

    /// Takes a permit.
    public static void acquire(Semaphore semaphore) {
        if (HOOK != null) {
            HOOK.point();
            while (!semaphore.tryAcquire()) {
                if (!HOOK.waits()) {
                    semaphore.acquireUninterruptibly();
                    return;
                }
            }
            return;
        }
        semaphore.acquireUninterruptibly();
    }
}
