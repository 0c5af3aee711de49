// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.pmem.MemoryHook;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;
import org.openjdk.jmh.annotations.CompilerControl;

/// A hook that looks away: what the calls cost when it is on, without anything behind them. They are kept
/// from vanishing in the caller, as a hook that did something would be.
@CompilerControl(CompilerControl.Mode.DONT_INLINE)
public final class NoOpHook implements MemoryHook {

    /// For [MemoryHook#load].
    public NoOpHook() {}

    @Override
    public void before(PersistentMemory memory, Access access, long offset, long bytes) {
        // looks away
    }

    @Override
    public void stored(PersistentMemory memory, long offset, long bytes, boolean ordered) {
        // looks away
    }

    @Override
    public void wroteBack(PersistentMemory memory, long offset, long bytes, PersistSite site) {
        // looks away
    }

    @Override
    public void fenced(PersistentMemory memory, PersistSite site) {
        // looks away
    }

    @Override
    public boolean suppresses(PersistSite site, Access access) {
        return false;
    }
}
