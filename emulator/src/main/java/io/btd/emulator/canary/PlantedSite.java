// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.canary;

import io.btd.pmem.PersistSite;

/// Where planted bugs persist something.
enum PlantedSite implements PersistSite {
    BLOCK(9101, "what a new pointer leads to"),
    SLOT(9102, "the pointer itself"),
    WORD(9103, "a number, or a pair of them"),
    INTENT(9104, "what is about to be added");

    private final int number;
    private final String protects;

    PlantedSite(int number, String protects) {
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
