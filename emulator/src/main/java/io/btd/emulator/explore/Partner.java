// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.concurrent.SynchronousQueue;
import java.util.function.BooleanSupplier;

/// A program's second thread: does a step while the first waits. So what a thread left unfenced meets
/// another thread's stores and fences, and blocks are freed by somebody else than who allocated them,
/// with nothing left to chance. One caller at a time.
final class Partner implements AutoCloseable {
    private final SynchronousQueue<BooleanSupplier> steps = new SynchronousQueue<>();
    private final SynchronousQueue<BooleanSupplier> answers = new SynchronousQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("partner").start(this::work);

    Thread thread() {
        return thread;
    }

    /// Has the partner do something; what it throws is thrown here.
    boolean call(BooleanSupplier step) {
        try {
            steps.put(step);
            return answers.take().getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the partner works", e);
        }
    }

    private void work() {
        try {
            while (true) {
                answers.put(answer(steps.take()));
            }
        } catch (InterruptedException closed) {
            // done
        }
    }

    private static BooleanSupplier answer(BooleanSupplier step) {
        try {
            boolean applied = step.getAsBoolean();
            return () -> applied;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
