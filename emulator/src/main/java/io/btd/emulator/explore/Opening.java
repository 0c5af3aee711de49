// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdCluster;
import io.btd.pmem.Medium;

/// How the cluster under test is opened, recovering it where needed.
@FunctionalInterface
interface Opening {

    /// Opens the arena on a medium.
    BtdCluster open(Medium medium, boolean zeroOnFree);
}
