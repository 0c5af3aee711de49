// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

/// Where the arena file persists something.
public enum ArenaSite implements PersistSite {
    /// The freshly made arena, before it is given its name.
    FORMAT(101, "a new arena is complete before it can be opened"),
    /// DIRTY and the next generation, before anything else changes.
    OPEN_DIRTY(102, "an arena in use never looks clean, so its stale bitmaps are never believed"),
    /// Everything volatile, before the mark.
    CLOSE_STATE(103, "a clean arena's bitmaps are true"),
    /// The mark.
    CLOSE_CLEAN(104, "a clean close is acknowledged only when the next open needs no marking");

    private final int number;
    private final String protects;

    ArenaSite(int number, String protects) {
        this.number = number;
        this.protects = protects;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String protects() {
        return protects;
    }
}
