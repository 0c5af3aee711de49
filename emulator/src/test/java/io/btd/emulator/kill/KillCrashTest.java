// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.cli.Ramdisk;
import io.btd.emulator.Seed;
import io.btd.emulator.net.process.Watchdog;
import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A process whose four threads allocate, publish, unlink, free, rewrite and put roots dies by SIGKILL at a random
/// moment, and
/// again. After each death the arena is sound, what was acknowledged is there with its content, what was in flight
/// happened
/// wholly or not at all, and what is allocated is reachable.
class KillCrashTest {
    private static final long CAPACITY = 8L << 20;
    private static final int KILLS = Seed.deep() ? 1_000 : 50;
    private static final int MOST_ACKNOWLEDGED = 2_000;
    private static final int IN_ORDER = 200;
    private static final int OPENING_NANOS = 100_000_000;
    private static final int OPERATION_NANOS = 300_000;

    private final long seed = Seed.ofTest("KillCrashTest");
    private final SplittableRandom random = new SplittableRandom(seed);
    private Path folder = Path.of("");
    private Path arena = Path.of("");
    private List<Shelf> shelves = new ArrayList<>();
    private Watchdog watchdog;
    private VictimJvm jvm;

    @BeforeEach
    void makeArena() throws IOException {
        folder = Ramdisk.makeFolder("btd-kill-test-");
        watchdog = new Watchdog(folder);
        arena = folder.resolve("arena.btd");
        jvm = new VictimJvm(folder);
        try (BtdCluster cluster = BtdCluster.embedded(arena, CAPACITY)) {
            for (int owner = 0; owner < Victim.THREADS; owner++) {
                ShelfOnArena.make(cluster, owner);
                shelves.add(Shelf.empty());
            }
        }
    }

    @AfterEach
    void removeFolder() {
        watchdog.close();
    }

    @Test
    void nothingAcknowledgedIsLost() throws IOException, InterruptedException {
        endsInOrder(random.nextLong() >>> 8);
        long acknowledged = 0;
        int early = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long lifeSeed = random.nextLong() >>> 8;
            long[] counts = liveAndDie(lifeSeed);
            long sum = Arrays.stream(counts).sum();
            acknowledged += sum;
            early += sum == 0 ? 1 : 0;
            shelves = verify(counts, lifeSeed, "seed=" + seed + ", kill=" + kill);
        }
        System.out.printf("kills=%d, acknowledged=%d, before the first operation=%d%n", KILLS, acknowledged, early);
        assertThat(acknowledged).isGreaterThan(KILLS);
    }

    /// Lets one end by itself.
    private void endsInOrder(long lifeSeed) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(arguments(lifeSeed)));
        arguments.add(Integer.toString(IN_ORDER));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(jvm.first(arguments.toArray(String[]::new)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
        watchdog.add(process.pid());
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        watchdog.remove(process.pid());
        long[] counts = new long[Victim.THREADS];
        Arrays.fill(counts, IN_ORDER);
        assertThat(Checker.check(arena).clean()).isTrue();
        shelves = verify(counts, lifeSeed, "seed=" + seed + ", closed in order");
    }

    /// Starts a process and kills it: while it opens the arena, or after some operations and a moment more. Returns
    /// how many operations each thread has acknowledged.
    private long[] liveAndDie(long lifeSeed) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process victim = new ProcessBuilder(jvm.next(arguments(lifeSeed)))
                .redirectError(errors.toFile())
                .start();
        watchdog.add(victim.pid());
        int wanted = random.nextInt(8) == 0 ? 0 : random.nextInt(MOST_ACKNOWLEDGED);
        long[] counts = new long[Victim.THREADS];
        try (InputStream pipe = victim.getInputStream()) {
            assertThat(pipe.read()).as(Files.readString(errors)).isEqualTo(Victim.STARTED);
            if (random.nextInt(6) == 0) {
                spin(random.nextInt(OPENING_NANOS));
            } else {
                assertThat(pipe.read()).as(Files.readString(errors)).isEqualTo(Victim.OPEN);
                for (int seen = 0; seen < wanted; seen++) {
                    counts[acknowledgement(pipe, errors)]++;
                }
                spin(random.nextInt(OPERATION_NANOS));
            }
            victim.toHandle().destroyForcibly(); // and not the pipe
            for (int last = pipe.read(); last >= 0; last = pipe.read()) {
                if (last != Victim.OPEN) {
                    counts[last]++;
                }
            }
        } finally {
            victim.destroyForcibly().waitFor();
            watchdog.remove(victim.pid());
        }
        assertThat(victim.exitValue()).as(Files.readString(errors)).isEqualTo(137);
        return counts;
    }

    private static int acknowledgement(InputStream pipe, Path errors) throws IOException {
        int thread = pipe.read();
        assertThat(thread).as(Files.readString(errors)).isBetween(0, Victim.THREADS - 1);
        return thread;
    }

    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private String[] arguments(long lifeSeed) {
        return new String[] {arena.toString(), Long.toString(CAPACITY), Long.toString(lifeSeed)};
    }

    /// Looks at what is left; here the file itself is recovered, there a copy, so that the next process recovers it.
    private List<Shelf> verify(long[] counts, long lifeSeed, String when) throws IOException {
        CheckReport left = Checker.check(arena);
        assertThat(left.problems()).as(when).isEmpty();
        Path looked = arena;
        if (random.nextBoolean()) {
            looked = folder.resolve("copy.btd");
            Files.copy(arena, looked, StandardCopyOption.REPLACE_EXISTING);
        }
        List<Shelf> found = new ArrayList<>();
        try (BtdCluster cluster = BtdCluster.embedded(looked, CAPACITY)) {
            for (int owner = 0; owner < Victim.THREADS; owner++) {
                found.add(verify(cluster, owner, counts[owner], lifeSeed, when));
            }
            assertThat(cluster.stat().liveBlocks()).as(when).isEqualTo(left.liveBlocks());
            assertThat(left.liveBlocks()).as(when).isGreaterThanOrEqualTo(blocks(found));
        }
        CheckReport closed = Checker.check(looked);
        assertThat(closed.problems()).as(when).isEmpty();
        assertThat(closed.unreachableBytes()).as(when).isZero();
        return found;
    }

    private Shelf verify(BtdCluster cluster, int owner, long acknowledged, long lifeSeed, String when) {
        Shelf expected = new Shelf(shelves.get(owner).numbers, Victim.seed(lifeSeed, owner));
        for (long operation = 0; operation < acknowledged; operation++) {
            expected.next();
        }
        long[] before = expected.numbers.clone();
        expected.next();
        long[] numbers = new ShelfOnArena(cluster, owner).numbers();
        assertThat(numbers)
                .as(when + ", owner=" + owner + ", acknowledged=" + acknowledged)
                .isIn(before, expected.numbers);
        return new Shelf(numbers, 0);
    }

    private static long blocks(List<Shelf> found) {
        return Victim.THREADS
                + found.stream()
                        .flatMapToLong(shelf -> Arrays.stream(shelf.numbers))
                        .filter(number -> number != 0)
                        .count();
    }
}
