// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import io.btd.api.BtdCluster;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/// Two threads add to one word.
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "both arrived")
@Outcome(id = "", expect = Expect.FORBIDDEN, desc = "one was lost")
@State
public class RacingAdds {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private final long word = zero();

    private static long zero() {
        long made = CLUSTER.malloc(8);
        CLUSTER.getAndSet(made, 0);
        return made;
    }

    @Actor
    public void one() {
        CLUSTER.getAndAdd(word, 1);
    }

    @Actor
    public void other() {
        CLUSTER.getAndAdd(word, 2);
    }

    @Arbiter
    public void after(J_Result result) {
        result.r1 = CLUSTER.getLong(word);
        CLUSTER.free(word);
    }
}
