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

/// Two threads allocate while a third frees: nobody is given what another one has.
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "blocks of their own")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "one block given twice")
@State
public class RacingMallocs {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private final long old = CLUSTER.malloc(64);
    private long first;
    private long second;

    @Actor
    public void one() {
        first = CLUSTER.malloc(64);
    }

    @Actor
    public void other() {
        second = CLUSTER.malloc(64);
    }

    @Actor
    public void third() {
        CLUSTER.free(old);
    }

    @Arbiter
    public void after(Z_Result result) {
        result.r1 = first != second;
        CLUSTER.free(first);
        if (first != second) {
            CLUSTER.free(second);
        }
    }
}
