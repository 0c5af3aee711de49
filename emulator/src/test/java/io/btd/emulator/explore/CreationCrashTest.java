// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.emulator.Seed;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.MemoryHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that ends while it makes an arena, or while an arena grows into another child, leaves nothing to
/// wait for or to clean up: the next open finds an empty arena, or makes one, and all of it can be allocated.
class CreationCrashTest {
    private static final int SAMPLES = Seed.deep() ? 200 : 4;
    private static final long DEADLINE_SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void whileItIsMade() throws IOException, InterruptedException {
        everywhere("create", 20);
    }

    @Test
    void whileItGrows() throws IOException, InterruptedException {
        everywhere("grow", 48);
    }

    /// Ends before the first operation, and before some of the others, until the process comes to its own end.
    ///
    /// @param most operations that are worth trying
    private void everywhere(String what, int most) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(Seed.ofTest("CreationCrashTest"));
        int step = Math.max(1, most / SAMPLES);
        int killed = 0;
        for (int from = 0; from < most; from += step) {
            int operations = from == 0 ? 0 : from + random.nextInt(step);
            Path path = folder.resolve(what + operations);
            int code = run(what, path, operations);
            assertThat(code).isIn(0, KillingHook.CODE);
            killed += code == 0 ? 0 : 1;
            isEmptyAndWhole(path);
            if (code == 0) {
                break;
            }
        }
        assertThat(killed).isPositive();
    }

    private static int run(String what, Path path, int operations) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-D" + MemoryHook.PROPERTY + "=" + KillingHook.class.getName(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledMaker.class.getName(),
                        what,
                        path.toString(),
                        Integer.toString(operations)))
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void isEmptyAndWhole(Path path) throws IOException {
        try (BtdCluster cluster = EmbeddedCluster.open(KilledMaker.config(path))) {
            assertThat(cluster.stat().liveBlocks()).isZero();
            assertThat(cluster.stat().pagesInUse()).isZero();
            long block = cluster.malloc(KilledMaker.GROWTH, Alloc.OPAQUE);
            long second = cluster.malloc(KilledMaker.GROWTH, Alloc.OPAQUE);
            cluster.free(block);
            cluster.free(second);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
        Files.delete(path);
    }
}
