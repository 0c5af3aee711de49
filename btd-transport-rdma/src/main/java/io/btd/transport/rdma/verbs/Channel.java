// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Where something is waited for: a descriptor that does not block.
///
/// @param <E> what comes
abstract class Channel<E> extends Resource {
    /// So long a wait may keep a channel from being closed.
    private static final long SLICE_MILLIS = 50;

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /// Held for reading by those that wait.
    private final ReadWriteLock gate = new ReentrantReadWriteLock();

    private final ReentrantLock taking = new ReentrantLock();
    private volatile boolean stopping;

    Channel(ResourceKind kind, Resource owner) {
        super(kind, owner);
    }

    /// The descriptor, which does not block.
    abstract int descriptor();

    /// Takes what is there; empty where there is nothing. Called by one thread at a time.
    abstract Optional<E> take() throws VerbsException;

    /// Waits for what comes next. Interrupts do not end the wait; closing does.
    ///
    /// @param timeout how long, up to 292 years
    /// @return empty when the time is up
    public final Optional<E> next(Duration timeout) throws VerbsException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<E> taken = nextWithin(end);
            if (taken.isPresent() || end - System.nanoTime() <= 0) {
                return taken;
            }
        }
    }

    private Optional<E> nextWithin(long end) throws VerbsException {
        gate.readLock().lock();
        try {
            requireRunning();
            long millis = Math.ceilDiv(Math.max(0, end - System.nanoTime()), NANOS_PER_MILLI);
            if (!Libc.awaitReadable(descriptor(), (int) Math.min(millis, SLICE_MILLIS))) {
                return Optional.empty();
            }
            taking.lock();
            try {
                return take();
            } catch (VerbsException e) {
                if (e.errno() == VerbsException.EAGAIN) {
                    return Optional.empty();
                }
                throw e;
            } finally {
                taking.unlock();
            }
        } finally {
            gate.readLock().unlock();
        }
    }

    /// Makes the descriptor of a new channel one that does not block; the channel is closed where that fails.
    static <C extends Channel<?>> C nonBlocking(C channel) throws VerbsException {
        try {
            Libc.doNotBlock(channel.descriptor());
            return channel;
        } catch (VerbsException e) {
            try (channel) {
                throw e;
            }
        }
    }

    /// Refuses a call on a channel that is closed or is to be closed.
    final void requireRunning() {
        requireOpen();
        if (stopping) {
            throw closed();
        }
    }

    /// Who has the gate for writing knows that nobody waits behind it any more; there is nothing else to do with it.
    @Override
    @SuppressWarnings("LockNotBeforeTry")
    final void stop() {
        stopping = true;
        gate.writeLock().lock();
        gate.writeLock().unlock();
    }
}
