// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every deadline is kept, with one alarm.
class DeadlinesTest {
    private final SplittableRandom random = Seed.roll();

    @Test
    void everyCallEndsAtItsDeadlineAndNotBefore() {
        ManualTime time = new ManualTime();
        PriorityQueue<Long> pending = new PriorityQueue<>();
        List<Long> late = new ArrayList<>();
        Deadlines deadlines = new Deadlines(time, now -> {
            while (!pending.isEmpty() && pending.peek() <= now) {
                late.add(now - pending.remove());
            }
            return pending.isEmpty() ? Long.MAX_VALUE : pending.peek();
        });
        for (int i = 0; i < 5000; i++) {
            long deadline = time.now() + random.nextLong(1, 1000);
            pending.add(deadline);
            deadlines.watch(deadline);
            assertThat(time.alarms()).isEqualTo(1);
            time.advance(random.nextInt(100));
            assertThat(pending).allMatch(one -> one > time.now());
        }
        assertThat(late).containsOnly(0L);
    }

    @Test
    void theWaitBetweenAttemptsDoublesUpToHalfASecond() {
        Backoff backoff = new Backoff(random);
        long full = Backoff.FIRST;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.delay()).isBetween(full / 2, full);
            full = Math.min(Backoff.LONGEST, full * 2);
        }
        backoff.reset();
        assertThat(backoff.delay()).isLessThanOrEqualTo(Backoff.FIRST);
    }
}
