// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One direction of a link: holds the fault that is set and decides what becomes of the bytes that come by.
/// Thread-safe. A new fault reaches at once who waits because of the old one.
final class LinkGate {
    /// A throttled link moves so many portions a second.
    private static final int PORTIONS_PER_SECOND = 50;

    /// What to do with a connection after its bytes were written.
    enum After {
        GO_ON,
        CLOSE,
        RESET
    }

    /// How many of the bytes to write, and what to do then.
    record Verdict(int forward, After after) {}

    private static final Verdict CLOSED = new Verdict(0, After.CLOSE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private LinkFault fault = LinkFault.NONE;
    private long sinceFault;
    private long forwarded;
    private boolean closed;

    void set(LinkFault next) {
        lock.lock();
        try {
            fault = next;
            sinceFault = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody wait any more.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long forwarded() {
        lock.lock();
        try {
            return forwarded;
        } finally {
            lock.unlock();
        }
    }

    /// Decides about `count` bytes in `data` from `offset` on; waits as long as the fault says. May change them.
    Verdict pass(byte[] data, int offset, int count) {
        lock.lock();
        try {
            while (!closed) {
                LinkFault now = fault;
                long pause = switch (now) {
                    case LinkFault.Delay delay -> delay.time().toNanos();
                    case LinkFault.Throttle ignored -> TimeUnit.SECONDS.toNanos(1) / PORTIONS_PER_SECOND;
                    case LinkFault.BlackHole ignored -> Long.MAX_VALUE;
                    default -> 0;
                };
                if (waitedOut(now, pause)) {
                    return verdict(now, data, offset, count);
                }
            }
            return CLOSED;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the end of a connection may be seen on the other side.
    void awaitOpen() {
        lock.lock();
        try {
            while (!closed && fault instanceof LinkFault.BlackHole) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether `nanos` went by with the fault still the same.
    private boolean waitedOut(LinkFault now, long nanos) {
        long left = nanos;
        while (left > 0 && !closed && fault == now) {
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                closed = true;
            }
        }
        return !closed && fault == now;
    }

    private Verdict verdict(LinkFault now, byte[] data, int offset, int count) {
        return switch (now) {
            case LinkFault.Throttle throttle ->
                take((int) Math.min(count, Math.max(1, throttle.bytesPerSecond() / PORTIONS_PER_SECOND)), After.GO_ON);
            case LinkFault.CutAfter cut
            when sinceFault + count >= cut.bytes() -> {
                int last = (int) (cut.bytes() - sinceFault);
                fault = LinkFault.NONE;
                yield take(last, cut.reset() ? After.RESET : After.CLOSE);
            }
            case LinkFault.FlipBit flip
            when sinceFault + count > flip.bytes() -> {
                data[offset + (int) (flip.bytes() - sinceFault)] ^= (byte) (1 << flip.bit());
                fault = LinkFault.NONE;
                yield take(count, After.GO_ON);
            }
            default -> take(count, After.GO_ON);
        };
    }

    private Verdict take(int count, After after) {
        sinceFault += count;
        forwarded += count;
        return new Verdict(count, after);
    }
}
