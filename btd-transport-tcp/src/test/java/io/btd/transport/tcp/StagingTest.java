// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StagingTest {

    @Test
    void oneGoesBeyondTheLimitAndTheOthersFollowInOrder() {
        Staging staging = new Staging(100);
        List<String> granted = new ArrayList<>();
        Staging.Share a = staging.share(() -> granted.add("a"));
        Staging.Share b = staging.share(() -> granted.add("b"));
        Staging.Share c = staging.share(() -> granted.add("c"));
        Staging.Share d = staging.share(() -> granted.add("d"));
        assertThat(a.raise(60)).isTrue();
        assertThat(b.raise(60)).isTrue();
        assertThat(a.raise(70)).isFalse();
        assertThat(c.raise(10)).isFalse();
        assertThat(d.raise(1)).isFalse();
        assertThat(b.raise(1000)).isTrue();
        assertThat(granted).isEmpty();
        b.release();
        assertThat(granted).containsExactly("a", "c", "d");
        assertThat(staging.taken()).isEqualTo(81);
        a.release();
        c.release();
        d.release();
        assertThat(staging.taken()).isZero();
    }

    @Test
    void whoLeavesTheLineIsForgotten() {
        Staging staging = new Staging(10);
        List<String> granted = new ArrayList<>();
        Staging.Share a = staging.share(() -> granted.add("a"));
        Staging.Share b = staging.share(() -> granted.add("b"));
        Staging.Share c = staging.share(() -> granted.add("c"));
        assertThat(a.raise(20)).isTrue();
        assertThat(b.raise(5)).isFalse();
        assertThat(c.raise(5)).isFalse();
        b.release();
        a.release();
        assertThat(granted).containsExactly("c");
        assertThat(staging.taken()).isEqualTo(5);
    }

    @Test
    void nobodyWaitsForEver() {
        SplittableRandom random = Seed.roll();
        int limit = 1000;
        int largest = 500;
        int connections = 20;
        Staging staging = new Staging(limit);
        boolean[] waits = new boolean[connections];
        int[] held = new int[connections];
        int[] whole = new int[connections];
        List<Staging.Share> shares = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int me = i;
            shares.add(staging.share(() -> waits[me] = false));
            whole[i] = 1 + random.nextInt(largest);
        }
        for (int step = 0; step < 100_000; step++) {
            int[] going = java.util.stream.IntStream.range(0, connections)
                    .filter(i -> !waits[i])
                    .toArray();
            assertThat(going).as("step %d", step).isNotEmpty();
            int i = going[random.nextInt(going.length)];
            if (held[i] >= whole[i]) {
                shares.get(i).release();
                held[i] = 0;
                whole[i] = 1 + random.nextInt(largest);
            } else {
                held[i] = Math.min(whole[i], held[i] + 1 + random.nextInt(100));
                waits[i] = !shares.get(i).raise(held[i]);
            }
            assertThat(staging.taken()).isBetween(0L, (long) limit + largest);
        }
    }
}
