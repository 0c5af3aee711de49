// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that allocate on three nodes and free what others allocated: no byte is live twice, a freed block had
/// kept its content, and when all sessions have ended the balance is exact.
@Timeout(1800)
class ForeignFreeTest {
    private static final int NODES = 3;
    private static final int WORKERS = 16;
    private static final long CAPACITY = 64L << 20;

    /// Of sessions that nobody is to lose, however busy the machine is: no test waits for it.
    private static final Duration LONG_LEASE = Duration.ofMinutes(10);

    private static final Duration LEASE = Duration.ofSeconds(Seed.deep() ? 30 : 5);

    @TempDir
    private Path folder;

    private final SplittableRandom random = Seed.roll();

    @Test
    void noBlockIsLiveTwiceAndTheBalanceIsExact() throws Exception {
        try (AnnouncedNodes nodes = AnnouncedNodes.start(folder, NODES, CAPACITY, LONG_LEASE);
                ForeignFreeRun run = run(nodes, WORKERS, Seed.deep() ? 200_000 : 8_000, 0)) {
            run.work();
            System.out.println(run);
            await(() -> nodes.limbo() == 0); // the holders that are idle now hear of it, too
            assertThat(nodes.liveBlocks()).as("what the workers know of").isEqualTo(run.live());
            assertThat(nodes.nodes())
                    .allSatisfy(
                            node -> assertThat(node.stat().arenas().getFirst().liveBlocks())
                                    .isPositive());
            run.end();
            assertBalance(nodes);
        }
        fsck();
    }

    @Test
    void whatTheKilledHeldComesBackWithTheirLeases() throws Exception {
        int kills = Seed.deep() ? 12 : 3;
        try (AnnouncedNodes nodes = AnnouncedNodes.start(folder, NODES, CAPACITY, LEASE);
                ForeignFreeRun run = run(nodes, Seed.deep() ? WORKERS : 6, Seed.deep() ? 100_000 : 4_000, kills)) {
            run.work();
            System.out.println(run);
            assertThat(run.killed()).isEqualTo(kills);
            run.end();
            assertBalance(nodes);
        }
        fsck();
    }

    private ForeignFreeRun run(AnnouncedNodes nodes, int workers, int commands, int kills) throws Exception {
        return new ForeignFreeRun(nodes.zooKeeper(), workers, commands, kills, random.split());
    }

    private static void assertBalance(AnnouncedNodes nodes) throws InterruptedException {
        await(() -> nodes.sessions() == 0);
        assertThat(nodes.liveBlocks()).as("live blocks").isZero();
        assertThat(nodes.limbo()).as("blocks in limbo").isZero();
        assertThat(nodes.nodes())
                .allSatisfy(node -> assertThat(node.stat().arenas().getFirst().illegalFrees())
                        .isZero());
    }

    /// What must come, or the test's time runs out.
    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    private void fsck() {
        for (int i = 0; i < NODES; i++) {
            CheckReport report = Checker.check(folder.resolve("arena-" + i));
            assertThat(report.problems()).isEmpty();
            assertThat(report.clean()).isTrue();
            assertThat(report.unreachableBytes()).isZero();
        }
    }

    /// The canary: what the test looks for is found when it is there.
    @Test
    void bytesThatAreLiveTwiceAreSeen() {
        LiveExtents live = new LiveExtents();
        live.add(new LiveExtents.Block(0x1000, 64, 1, 0));
        live.add(new LiveExtents.Block(0x1040, 64, 2, 1));
        for (long pointer : new long[] {0x1000, 0x1030, 0x1070, 0xff0}) {
            assertThatThrownBy(() -> live.add(new LiveExtents.Block(pointer, 32, 3, 2)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("live twice: ");
        }
        assertThat(live.take(random, block -> block.owner() == 0)).isPresent();
        live.add(new LiveExtents.Block(0x1000, 64, 4, 2));
        live.forgetAllOf(1);
        live.add(new LiveExtents.Block(0x1040, 64, 5, 0));
        assertThat(live.size()).isEqualTo(2);
        assertThat(live.take(random, block -> block.owner() == 1)).isEmpty();
    }
}
