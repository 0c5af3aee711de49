// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.Map;
import java.util.TreeMap;

/// What a search did so far. Not thread-safe.
public final class SearchCounts {
    /// How deep crashes nest: a crash of the program, one of its recovery, one of the recovery from that.
    public static final int DEPTHS = 3;

    private long points;
    private long images;
    private final long[] byDepth = new long[DEPTHS];
    private long distinctImages;
    private final Map<String, long[]> byOperation = new TreeMap<>();

    void point() {
        points++;
    }

    void image() {
        images++;
    }

    void recovery(int depth, String operation) {
        byDepth[depth]++;
        byOperation.computeIfAbsent(operation, name -> new long[1])[0]++;
    }

    void distinctImage() {
        distinctImages++;
    }

    /// Adds what another search did.
    public void add(SearchCounts other) {
        points += other.points;
        images += other.images;
        distinctImages += other.distinctImages;
        for (int depth = 0; depth < DEPTHS; depth++) {
            byDepth[depth] += other.byDepth[depth];
        }
        other.byOperation.forEach((name, count) -> byOperation.computeIfAbsent(name, n -> new long[1])[0] += count[0]);
    }

    /// Crash points looked at.
    public long points() {
        return points;
    }

    /// Images made.
    public long images() {
        return images;
    }

    /// Images recovered, each under one promise: those pairs that were not seen before.
    public long recoveries() {
        long sum = 0;
        for (long count : byDepth) {
            sum += count;
        }
        return sum;
    }

    /// Recoveries by how many crashes were nested in each other, the program's own first.
    public long[] byDepth() {
        return byDepth.clone();
    }

    /// Recoveries from a crash during a recovery.
    public long nested() {
        return recoveries() - byDepth[0];
    }

    /// Recovered images that differ, whatever was promised.
    public long distinctImages() {
        return distinctImages;
    }

    /// Recoveries by the operation that was in flight, or had just been acknowledged.
    public Map<String, Long> byOperation() {
        Map<String, Long> counts = new TreeMap<>();
        byOperation.forEach((name, count) -> counts.put(name, count[0]));
        return counts;
    }
}
