// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that do what may block, so that those that carry frames need not. Daemons; thread-safe. Their queue has
/// no bound of its own: what waits in it is bounded by the sessions' windows, and its bytes by the transport.
public final class Workers implements Executor, AutoCloseable {
    private static final int LEAST = 4;

    private final ExecutorService threads;

    /// Threads named after the node.
    public Workers(int node) {
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(
                Math.max(LEAST, Runtime.getRuntime().availableProcessors()),
                work -> Thread.ofPlatform()
                        .daemon()
                        .name("btd-node-" + node + "-worker-" + number.incrementAndGet())
                        .unstarted(work));
    }

    /// Does it soon; not at all once the workers have been closed.
    @Override
    public void execute(Runnable work) {
        tryExecute(work);
    }

    /// Does it soon; false once the workers have been closed.
    boolean tryExecute(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /// Takes no more work and waits for what there is.
    @Override
    public void close() {
        threads.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
