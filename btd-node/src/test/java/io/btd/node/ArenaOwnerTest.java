// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException.ArenaOwned;
import io.btd.gc.Checker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An arena of a live process is refused, that of a killed one taken over.
class ArenaOwnerTest {
    private static final long CAPACITY = 4L << 20;

    @TempDir
    Path folder;

    /// The child: owns the arena and waits to be killed.
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            BtdCluster cluster = BtdCluster.embedded(Path.of(arguments[0]), CAPACITY);
            long block = cluster.malloc(100);
            cluster.memcpy(block, MemorySegment.ofArray(new long[] {42}));
            cluster.roots().put("block", block);
            for (int i = 0; i < 1000; i++) {
                cluster.malloc(100);
            }
            System.out.println(block);
            System.in.read();
            System.out.println("not killed: " + cluster);
        }
    }

    @Test
    void aKilledOwnersArenaIsTakenOverAndALiveOnesIsNot() throws Exception {
        Path file = folder.resolve("arena");
        for (int life = 0; life < 3; life++) {
            try (ChildProcess child = new ChildProcess(List.of(), Holder.class, file.toString())) {
                long block = Long.parseLong(child.line());
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> BtdCluster.embedded(file, CAPACITY))
                            .isInstanceOfSatisfying(
                                    ArenaOwned.class, e -> assertThat(e.owner()).isEqualTo(child.pid()));
                    assertThatThrownBy(() -> Checker.check(file)).isInstanceOf(ArenaOwned.class);
                }
                child.kill();
                assertThat(Checker.check(file).sound()).isTrue();
                try (BtdCluster cluster = BtdCluster.embedded(file, CAPACITY)) {
                    assertThat(cluster.recovery().takenOver()).isTrue();
                    assertThat(cluster.recovery().reclaimedBlocks()).isGreaterThanOrEqualTo(1000);
                    assertThat(cluster.roots().get("block")).isEqualTo(block);
                    assertThat(cluster.getLong(block)).isEqualTo(42);
                    cluster.roots().remove("block", block);
                    cluster.free(block);
                    assertThat(cluster.stat().liveBlocks()).isZero();
                }
            }
        }
    }

    @Test
    void anArenaThisProcessOwnsIsNotOpenedTwice() {
        Path file = folder.resolve("arena");
        try (BtdCluster cluster = BtdCluster.embedded(file, CAPACITY)) {
            long block = cluster.malloc(16);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> BtdCluster.embedded(file, CAPACITY))
                        .isInstanceOfSatisfying(
                                ArenaOwned.class,
                                e -> assertThat(e.owner())
                                        .isEqualTo(ProcessHandle.current().pid()));
            }
            cluster.free(block);
        }
        BtdCluster.embedded(file, CAPACITY).close();
    }
}
