// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The time of this machine. One daemon thread sets off what was set for later; work that may wait runs on
/// virtual threads.
final class SystemTime implements Time {
    private static final Alarm NEVER = () -> {};

    private final ScheduledThreadPoolExecutor timer;

    SystemTime() {
        timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "btd-client-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public Alarm after(long nanos, Runnable work) {
        try {
            Future<?> set = timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
            return () -> set.cancel(false);
        } catch (RejectedExecutionException closed) {
            return NEVER;
        }
    }

    @Override
    public void start(Runnable work) {
        Thread.ofVirtual().name("btd-client-connect").start(work);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
