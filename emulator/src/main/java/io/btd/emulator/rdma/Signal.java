// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is waited for, in the order it came. Guarded by the lock of a stack.
///
/// @param <E> what comes
final class Signal<E> {
    private final Owned owner;
    private final Condition more;
    private final Deque<E> waiting = new ArrayDeque<>();

    Signal(Owned owner) {
        this.owner = owner;
        this.more = owner.stack().newCondition();
    }

    void add(E element) {
        waiting.add(element);
        more.signal();
    }

    void removeIf(Predicate<E> gone) {
        waiting.removeIf(gone);
    }

    /// Takes the next one. Interrupts do not end the wait; closing the owner does.
    ///
    /// @return null when the time is up
    @Nullable
    E next(Duration timeout) {
        return owner.stack().locked(() -> {
            long left = timeout.toNanos();
            boolean interrupted = false;
            try {
                while (true) {
                    owner.requireOpen();
                    E next = waiting.poll();
                    if (next != null || left <= 0) {
                        return next;
                    }
                    try {
                        left = more.awaitNanos(left);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    /// Wakes all who wait, for the owner has been closed.
    void end() {
        waiting.clear();
        more.signalAll();
    }
}
