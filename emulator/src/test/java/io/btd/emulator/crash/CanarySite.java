// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistSite;

/// Where the canaries persist something.
enum CanarySite implements PersistSite {
    DATA(9001, "what is published is there"),
    PUBLISH(9002, "what was acknowledged is reachable"),
    BITS(9003, "what is allocated is not granted again"),
    RECORD(9004, "a redo record is complete before it counts"),
    APPLY(9005, "what a record says is in place before the record goes"),
    RETIRE(9006, "a retired record is never replayed");

    private final int number;
    private final String protects;

    CanarySite(int number, String protects) {
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
