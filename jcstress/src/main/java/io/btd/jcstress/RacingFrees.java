// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Two threads free one block.
@JCStressTest
@Outcome(
        id = {"true, false", "false, true"},
        expect = Expect.ACCEPTABLE,
        desc = "one of them freed it")
@Outcome(id = "", expect = Expect.FORBIDDEN, desc = "freed twice, or not at all")
@State
public class RacingFrees {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private final long block = CLUSTER.malloc(64);

    @Actor
    public void one(ZZ_Result result) {
        result.r1 = freed();
    }

    @Actor
    public void other(ZZ_Result result) {
        result.r2 = freed();
    }

    private boolean freed() {
        try {
            CLUSTER.free(block);
            return true;
        } catch (BtdException.InvalidPointer refused) {
            return false;
        }
    }
}
