// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.PersistSite;

/// A program with one site's write-back or fence switched off.
///
/// @param access `WRITE_BACK` or `FENCE`
public record Mutant(PersistSite site, Access access) {

    @Override
    public String toString() {
        return site.number() + " " + site.name() + (access == Access.FENCE ? " fence" : " write-back");
    }
}
