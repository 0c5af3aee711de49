// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/// Tasks made one after the other, in the order they came, by the threads of an executor. Thread-safe.
public final class SerialTasks implements Executor {
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /// Tasks for the threads of `executor`.
    public SerialTasks(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        executor.execute(this::runNext);
    }

    private void runNext() {
        Runnable task;
        lock.lock();
        try {
            task = waiting.poll();
            if (task == null) {
                running = false;
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            task.run();
        } finally {
            executor.execute(this::runNext);
        }
    }
}
