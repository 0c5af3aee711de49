// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Two threads unlink and free what one word holds.
@JCStressTest
@Outcome(
        id = {"true, false", "false, true"},
        expect = Expect.ACCEPTABLE,
        desc = "one of them did")
@Outcome(id = "", expect = Expect.FORBIDDEN, desc = "both or none")
@State
public class RacingUnlinks {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private final long slot = CLUSTER.malloc(16);
    private final long block = CLUSTER.malloc(64);

    public RacingUnlinks() {
        CLUSTER.putPointer(slot, block);
    }

    @Actor
    public void one(ZZ_Result result) {
        result.r1 = unlinked();
    }

    @Actor
    public void other(ZZ_Result result) {
        result.r2 = unlinked();
    }

    private boolean unlinked() {
        try {
            return CLUSTER.unlinkAndFree(slot, block, 0);
        } catch (BtdException.InvalidPointer alreadyFreed) {
            return false;
        }
    }

    @Arbiter
    public void after() {
        CLUSTER.free(slot);
    }
}
