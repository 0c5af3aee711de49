// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// A clock that a test moves. What is due is done on the thread that moves it.
final class ManualTime implements Time {
    private final PriorityQueue<Set> alarms = new PriorityQueue<>(Comparator.comparingLong(Set::at));
    private long now = 1_000_000;

    private record Set(long at, Runnable work) {}

    @Override
    public synchronized long now() {
        return now;
    }

    @Override
    public synchronized Alarm after(long nanos, Runnable work) {
        Set set = new Set(now + nanos, work);
        alarms.add(set);
        return () -> cancel(set);
    }

    private synchronized void cancel(Set set) {
        alarms.remove(set);
    }

    @Override
    public void start(Runnable work) {
        Thread.ofVirtual().start(work);
    }

    /// Moves on, alarm by alarm.
    void advance(long nanos) {
        long end = now() + nanos;
        for (Set due = next(end); due != null; due = next(end)) {
            due.work().run();
        }
    }

    private synchronized @Nullable Set next(long end) {
        Set first = alarms.peek();
        if (first == null || first.at() > end) {
            now = end;
            return null;
        }
        now = Math.max(now, first.at());
        return alarms.poll();
    }

    /// How many alarms are set.
    synchronized int alarms() {
        return alarms.size();
    }

    @Override
    public synchronized void close() {
        alarms.clear();
    }
}
