// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.BtdCluster;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Every promise of [BtdCluster] and [io.btd.api.Roots], to be kept by every implementation: embedded, over
/// TCP, over RDMA. A subclass says how such a cluster is opened, closed and killed; where blocks are in reach of loads
/// and stores it keeps the [ViewContract] as well.
abstract class ClusterContractTest
        implements AllocationContract,
                FreeContract,
                CopyContract,
                WordContract,
                RootsContract,
                HandleContract,
                LifeContract {
    private final SplittableRandom random = Seed.roll();
    private BtdCluster cluster;

    /// Opens the cluster, made empty with [#CAPACITY] the first time.
    protected abstract BtdCluster open(boolean zeroOnFree) throws Exception;

    /// Kills everybody who runs `cluster`, so that the next [#open] finds what that left. The handle stays
    /// usable for [#bury] only.
    protected abstract void kill(BtdCluster cluster) throws Exception;

    /// Closes everything, and checks what is on the media.
    protected abstract void bury() throws Exception;

    @BeforeEach
    final void openFirst() throws Exception {
        cluster = open(false);
    }

    @AfterEach
    final void closeLast() throws Exception {
        cluster.close();
        bury();
    }

    @Override
    public final BtdCluster cluster() {
        return cluster;
    }

    @Override
    public final BtdCluster reopen(boolean zeroOnFree) {
        cluster.close();
        return reopened(zeroOnFree);
    }

    @Override
    public final BtdCluster crash(boolean zeroOnFree) {
        try {
            kill(cluster);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return reopened(zeroOnFree);
    }

    private BtdCluster reopened(boolean zeroOnFree) {
        try {
            cluster = open(zeroOnFree);
            return cluster;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public final SplittableRandom random() {
        return random;
    }
}
