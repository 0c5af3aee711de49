// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How much memory large frames may take while they arrive, over all connections of a transport. Who gets nothing
/// waits in line, and reads nothing meanwhile.
///
/// If everybody held a part and waited for more, nobody would ever be done. So one share at a time may go beyond the
/// limit: it never waits, its frame gets whole (or is given up when its time is over), and the next in line follows
/// it. What is taken stays below the limit and one frame. Thread-safe.
final class Staging {
    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Share> line = new ArrayDeque<>();
    private long taken;
    /// May go beyond the limit. While it is null nobody is in line.
    private @Nullable Share overdraft;

    Staging(long limit) {
        this.limit = limit;
    }

    /// A connection's share, at first of nothing.
    ///
    /// @param granted is run, on any thread, when what was refused has been given
    Share share(Runnable granted) {
        return new Share(granted);
    }

    /// Bytes taken by all shares.
    long taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// What the frame takes that is arriving on one connection. Thread-safe.
    final class Share {
        private final Runnable granted;
        private long held;
        private long wanted;

        private Share(Runnable granted) {
            this.granted = granted;
        }

        /// Asks for so many bytes in all. False: in line; `granted` will be run.
        boolean raise(long bytes) {
            lock.lock();
            try {
                wanted = Math.max(held, bytes);
                if (fits()) {
                    take();
                    return true;
                }
                line.addLast(this);
                return false;
            } finally {
                lock.unlock();
            }
        }

        /// Gives everything back, also the place in the line.
        void release() {
            List<Share> served = new ArrayList<>();
            lock.lock();
            try {
                line.remove(this);
                taken -= held;
                held = 0;
                if (overdraft == this) {
                    overdraft = null;
                }
                for (Share next = line.peekFirst(); next != null && next.fits(); next = line.peekFirst()) {
                    next.take();
                    served.add(line.removeFirst());
                }
            } finally {
                lock.unlock();
            }
            for (Share share : served) {
                share.granted.run();
            }
        }

        private boolean fits() {
            boolean first = line.isEmpty() || line.peekFirst() == this;
            if (overdraft == this || wanted == held || first && taken + (wanted - held) <= limit) {
                return true;
            }
            if (overdraft == null) {
                overdraft = this;
                return true;
            }
            return false;
        }

        private void take() {
            taken += wanted - held;
            held = wanted;
        }
    }
}
