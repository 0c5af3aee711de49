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

/// As [RacingAdds], but wrong: each reads, then writes. It is there to be found.
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "both arrived")
@Outcome(id = "", expect = Expect.FORBIDDEN, desc = "one was lost")
@State
public class LostUpdateCanary {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private final long word = CLUSTER.malloc(8);

    public LostUpdateCanary() {
        CLUSTER.getAndSet(word, 0);
    }

    @Actor
    public void one() {
        CLUSTER.getAndSet(word, CLUSTER.getLong(word) + 1);
    }

    @Actor
    public void other() {
        CLUSTER.getAndSet(word, CLUSTER.getLong(word) + 2);
    }

    @Arbiter
    public void after(J_Result result) {
        result.r1 = CLUSTER.getLong(word);
        CLUSTER.free(word);
    }
}
