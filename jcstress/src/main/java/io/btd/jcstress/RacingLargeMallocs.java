// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import io.btd.api.BtdCluster;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/// Two threads allocate runs of pages.
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "runs of their own")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "runs that overlap")
@State
public class RacingLargeMallocs {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private static final long BYTES = 40_000;
    private long first;
    private long second;

    @Actor
    public void one() {
        first = CLUSTER.malloc(BYTES);
    }

    @Actor
    public void other() {
        second = CLUSTER.malloc(BYTES);
    }

    @Arbiter
    public void after(Z_Result result) {
        result.r1 = Math.abs(first - second) >= BYTES;
        CLUSTER.free(first);
        if (first != second) {
            CLUSTER.free(second);
        }
    }
}
