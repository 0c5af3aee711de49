// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps a command running until the process is told to end (SIGTERM, SIGINT, SIGHUP) or its thread is interrupted, and
/// the process alive until the command has closed what it had opened. Close it when that is done.
final class Foreground implements AutoCloseable {
    private static final long CLOSING_SECONDS = 60;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("btd-stop").unstarted(this::stop);

    /// From now on a signal is kept for [#await].
    Foreground() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        stop.countDown();
        try {
            closed.await(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException atOnce) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns when the process is to end.
    void await() {
        try {
            stop.await();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets the process end.
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // it runs already
        }
    }
}
