// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A program's second thread: does a step while the first waits. So what a thread left unfenced meets
/// another thread's stores and fences, and blocks are freed by somebody else than who allocated them,
/// with nothing left to chance. One caller at a time.
final class Partner implements AutoCloseable {
    private final SynchronousQueue<BooleanSupplier> steps = new SynchronousQueue<>();
    private final SynchronousQueue<Runnable> answers = new SynchronousQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("partner").start(this::work);

    Thread thread() {
        return thread;
    }

    /// Has the partner do something; what it throws is thrown here.
    boolean call(BooleanSupplier step) {
        AtomicReference<@Nullable Boolean> applied = new AtomicReference<>();
        try {
            steps.put(() -> {
                applied.set(step.getAsBoolean());
                return true;
            });
            answers.take().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the partner works", e);
        }
        return Boolean.TRUE.equals(applied.get());
    }

    private void work() {
        try {
            while (true) {
                BooleanSupplier step = steps.take();
                answers.put(outcome(step));
            }
        } catch (InterruptedException closed) {
            // done
        }
    }

    private static Runnable outcome(BooleanSupplier step) {
        try {
            step.getAsBoolean();
            return () -> {};
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
