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

/// One thread writes a block and links it, another one follows the link.
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "not linked yet")
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "linked, with its content")
@Outcome(id = "", expect = Expect.FORBIDDEN, desc = "linked before it was written")
@State
public class WritesBeforePointers {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private final long slot = CLUSTER.malloc(16);
    private final long block = CLUSTER.malloc(64);

    public WritesBeforePointers() {
        CLUSTER.putPointer(slot, 0);
    }

    @Actor
    public void writer() {
        CLUSTER.getAndSet(block + 8, 7);
        CLUSTER.putPointer(slot, block);
    }

    @Actor
    public void reader(J_Result result) {
        long seen = CLUSTER.getLong(slot);
        result.r1 = seen == 0 ? 0 : CLUSTER.getLong(seen + 8);
    }

    @Arbiter
    public void after() {
        CLUSTER.putPointer(slot, 0);
        CLUSTER.free(block);
        CLUSTER.free(slot);
    }
}
