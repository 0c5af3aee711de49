// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Since when something is out of reach, so that an outage can be made to outlast a lease. Thread-safe.
final class Outages {
    private final long enough;
    private final Map<String, Long> since = new ConcurrentHashMap<>();

    Outages(Duration lease) {
        enough = lease.toNanos() * 3 / 2;
    }

    /// It is out of reach from now on.
    void begin(String what) {
        since.putIfAbsent(what, System.nanoTime());
    }

    /// It is to be in reach again.
    ///
    /// @param pastLease whether this waits until a lease has run out meanwhile
    void outlast(String what, boolean pastLease) {
        Long began = since.remove(what);
        if (!pastLease || began == null) {
            return;
        }
        long left;
        while ((left = began + enough - System.nanoTime()) > 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
        }
    }
}
