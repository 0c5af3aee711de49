// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.pmem.PersistSite;

/// Where recovery persists something.
public enum GcSite implements PersistSite {
    /// The heads of runs that nothing reaches, before their pages may serve others.
    SWEEP_HEADS(501, "a swept run never claims pages that have a new life"),
    /// Reclaimed blocks, when freed blocks are wiped.
    SWEEP_WIPE(502, "a reclaimed block holds nothing of its former life");

    private final int number;
    private final String protects;

    GcSite(int number, String protects) {
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
