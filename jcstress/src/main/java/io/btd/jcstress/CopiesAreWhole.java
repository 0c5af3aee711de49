// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// One thread copies over a range, another one reads it.
@JCStressTest
@Outcome(
        id = {"1, 1", "2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "before or after")
@Outcome(id = "", expect = Expect.FORBIDDEN, desc = "torn")
@State
public class CopiesAreWhole {
    private static final BtdCluster CLUSTER = OneArena.CLUSTER;

    private static final int BYTES = 192;
    private final long block = CLUSTER.malloc(BYTES, Alloc.OPAQUE);

    public CopiesAreWhole() {
        CLUSTER.memcpy(block, filled(1));
    }

    private static MemorySegment filled(long value) {
        long[] words = new long[BYTES / Long.BYTES];
        Arrays.fill(words, value);
        return MemorySegment.ofArray(words);
    }

    @Actor
    public void writer() {
        CLUSTER.memcpy(block, filled(2));
    }

    @Actor
    public void reader(JJ_Result result) {
        long[] words = new long[BYTES / Long.BYTES];
        CLUSTER.read(block, MemorySegment.ofArray(words));
        result.r1 = words[0];
        result.r2 = words[words.length - 1];
    }

    @Arbiter
    public void after() {
        CLUSTER.free(block);
    }
}
