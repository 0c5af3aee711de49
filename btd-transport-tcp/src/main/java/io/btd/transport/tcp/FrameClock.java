// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sees to it that a frame which began also ends. It stands still while the connection itself does not read, since
/// then the peer is not to blame. Starting and stopping are two stores; there is at most one timer. Used on the
/// connection's I/O thread.
final class FrameClock {
    private final EventLoop loop;
    private final long timeout;
    private final Runnable expired;
    private boolean running;
    private long left;
    private long since;
    private @Nullable Future<?> timer;

    FrameClock(EventLoop loop, Duration timeout, Runnable expired) {
        this.loop = loop;
        this.timeout = timeout.toNanos();
        this.expired = expired;
        this.left = this.timeout;
    }

    /// Another frame: it has the whole time.
    void reset() {
        left = timeout;
        since = System.nanoTime();
    }

    /// Goes on, or stands still.
    void run(boolean run) {
        if (run == running) {
            return;
        }
        running = run;
        if (run) {
            since = System.nanoTime();
            if (timer == null) {
                arm(left);
            }
        } else {
            left -= System.nanoTime() - since;
        }
    }

    /// For ever.
    void stop() {
        running = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void arm(long nanos) {
        timer = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        if (running) {
            long rest = left - (System.nanoTime() - since);
            if (rest <= 0) {
                expired.run();
            } else {
                arm(rest);
            }
        }
    }
}
