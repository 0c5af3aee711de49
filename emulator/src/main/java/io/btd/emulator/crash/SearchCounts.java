// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

/// What a search did so far. Not thread-safe.
public final class SearchCounts {
    private long points;
    private long images;
    private long recoveries;
    private long nested;
    private long distinct;

    void point() {
        points++;
    }

    void image() {
        images++;
    }

    void recovery(int depth) {
        recoveries++;
        nested += depth > 0 ? 1 : 0;
    }

    void distinct(long count) {
        distinct = count;
    }

    /// Crash points looked at.
    public long points() {
        return points;
    }

    /// Images made.
    public long images() {
        return images;
    }

    /// Images recovered: those that were not seen before.
    public long recoveries() {
        return recoveries;
    }

    /// Recoveries from a crash during a recovery.
    public long nested() {
        return nested;
    }

    /// Distinct pairs of image and promise.
    public long distinct() {
        return distinct;
    }
}
