// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.pmem.MemoryHook;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;

/// Ends the process, as `kill -9` does, before its operation number N on persistent memory; counts from when it
/// is armed.
public final class KillingHook implements MemoryHook {
    static final int CODE = 9;

    private static long left = Long.MAX_VALUE;

    /// Called by the gateway, once.
    public KillingHook() {}

    /// The process ends before so many more operations have been done.
    static void arm(long operations) {
        left = operations;
    }

    @Override
    public void before(PersistentMemory memory, Access access, long offset, long bytes) {
        if (left-- <= 0) {
            Runtime.getRuntime().halt(CODE);
        }
    }

    @Override
    public void stored(PersistentMemory memory, long offset, long bytes, boolean ordered) {
        // a process that ends loses no store
    }

    @Override
    public void wroteBack(PersistentMemory memory, long offset, long bytes, PersistSite site) {
        // a process that ends loses no store
    }

    @Override
    public void fenced(PersistentMemory memory, PersistSite site) {
        // a process that ends loses no store
    }

    @Override
    public boolean suppresses(PersistSite site, Access access) {
        return false;
    }
}
