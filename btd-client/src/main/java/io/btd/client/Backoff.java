// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: doubling from 10 ms to 500 ms, each time a random half of it less, so
/// that clients of a node that comes back do not arrive together. Not thread-safe.
final class Backoff {
    static final long FIRST = 10_000_000L;
    static final long LONGEST = 500_000_000L;

    private final RandomGenerator random;
    private long next = FIRST;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /// Nanoseconds until the next attempt.
    long delay() {
        long delay = next;
        next = Math.min(LONGEST, next * 2);
        return delay - random.nextLong(delay / 2 + 1);
    }

    /// It worked: begin anew.
    void reset() {
        next = FIRST;
    }
}
