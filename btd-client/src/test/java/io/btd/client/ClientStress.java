// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thousand virtual threads share one client while connections break under it.
@Timeout(300)
class ClientStress {

    @Test
    void everybodyGetsOwnBlocksAndOwnAnswers() throws Exception {
        SplittableRandom random = Seed.roll();
        try (ClientUnderTest client = new ClientUnderTest(3)) {
            BtdCluster cluster = client.cluster().withDeadline(ClientUnderTest.seconds(120));
            Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
            AtomicBoolean over = new AtomicBoolean();
            SplittableRandom breaks = random.split();
            Thread breaker = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    client.node(breaks.nextInt(1, 4)).drop();
                    Thread.onSpinWait();
                }
            });
            List<Thread> callers = new ArrayList<>();
            int rounds = Seed.deep() ? 100 : 4;
            for (int i = 0; i < 1000; i++) {
                SplittableRandom own = random.split();
                callers.add(Thread.ofVirtual().start(() -> {
                    try {
                        for (int round = 0; round < rounds; round++) {
                            use(cluster, own);
                        }
                    } catch (Throwable error) {
                        errors.add(error);
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            over.set(true);
            breaker.join();
            assertThat(errors).isEmpty();
            for (FakeNode node : client.nodes) {
                cluster.on(node.node).free(cluster.on(node.node).malloc(16));
                assertThat(node.memory.live()).isEmpty();
                assertThat(client.session(node.node).held()).isZero();
            }
        }
    }

    private static void use(BtdCluster cluster, SplittableRandom random) {
        long block = cluster.spread().malloc(64);
        byte[] written = new byte[64];
        random.nextBytes(written);
        cluster.memcpy(block, MemorySegment.ofArray(written));
        byte[] read = new byte[64];
        cluster.read(block, MemorySegment.ofArray(read));
        assertThat(read).isEqualTo(written);
        long before = cluster.getLong(block);
        assertThat(cluster.getAndAdd(block, 7)).isEqualTo(before);
        assertThat(cluster.getLong(block)).isEqualTo(before + 7);
        cluster.free(block);
    }
}
