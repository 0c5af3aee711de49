// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.PersistenceDomain;
import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Platform and virtual threads allocate, link, and free each other's blocks. Every block is stamped with its
/// owner and checked; a map outside of the heap says who has which, so that a block that lives twice is seen
/// at once. At the end the balance is exact and the arena sound.
class HeapStress {
    private static final Layout TYPED = new Layout(31, 1, 48, false, List.of(40L));
    private static final Layout RACED = new Layout(32, 1, 64, false, List.of());
    private static final int RACERS = 3;
    private static final int PLATFORM = 8;
    private static final int VIRTUAL = 100;
    private static final int MOST_ADRIFT = 2000;

    @TempDir
    Path folder;

    /// A block with its stamp.
    private record Stamped(long block, long usable, long stamp) {}

    private final ConcurrentHashMap<Long, Long> owners = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Stamped> adrift = new ConcurrentLinkedQueue<>();
    private final AtomicLong afloat = new AtomicLong();
    private final AtomicLong stamps = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong full = new AtomicLong();
    private final AtomicLong lostRaces = new AtomicLong();
    private final AtomicLong wonRaces = new AtomicLong();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Test
    void noBlockLivesTwiceAndTheBalanceIsExact() throws Exception {
        stress(64L << 20);
    }

    @Test
    void norWhereThereIsNeverEnoughMemory() throws Exception {
        stress(6L << 20);
        assertThat(full.get()).isPositive();
    }

    private void stress(long capacity) throws Exception {
        SplittableRandom random = Seed.roll();
        Path file = folder.resolve("arena");
        ArenaConfig config = BtdConfig.embedded(file, capacity).withDomain(PersistenceDomain.PROCESS);
        int platformSteps = Seed.deep() ? 3_000_000 : 20_000;
        long kept;
        try (BtdCluster cluster = BtdCluster.open(config)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < PLATFORM + VIRTUAL; i++) {
                ThreadFactory factory = i < PLATFORM
                        ? Thread.ofPlatform().factory()
                        : Thread.ofVirtual().factory();
                int steps = i < PLATFORM ? platformSteps : platformSteps / 20;
                SplittableRandom mine = random.split();
                threads.add(factory.newThread(() -> work(cluster, mine, steps)));
            }
            long[] raced = new long[Seed.deep() ? 20_000 : 10_000];
            for (int i = 0; i < raced.length; i++) {
                raced[i] = cluster.malloc(RACED);
            }
            Phaser step = new Phaser(RACERS);
            for (int i = 0; i < RACERS; i++) {
                threads.add(Thread.ofPlatform().unstarted(() -> raceToFree(cluster, raced, step)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            for (int i = 1; i < raced.length; i += 2) {
                cluster.free(raced[i]);
            }
            adrift.forEach(stamped -> release(cluster, stamped));
            System.out.println("served=" + served + ", full=" + full + ", races for a free: won=" + wonRaces + ", lost="
                    + lostRaces);
            assertThat(wonRaces.get()).as("each block was freed once").isEqualTo(raced.length / 2);
            assertThat(lostRaces.get()).isEqualTo((RACERS - 1L) * raced.length / 2);
            assertThat(cluster.stat().illegalFrees()).isEqualTo(lostRaces.get());
            assertThat(owners).isEmpty();
            assertThat(cluster.stat().liveBlocks()).isZero();
            for (long size = capacity / 2; size > 0; size = size * 7 / 8) {
                try {
                    cluster.free(cluster.malloc(size, Alloc.OPAQUE));
                    break;
                } catch (Full fragmented) {
                    assertThat(fragmented.largest()).isLessThan(size);
                }
            }
            kept = cluster.malloc(16);
            cluster.roots().put("kept", kept);
        }
        CheckReport report = Checker.check(file);
        assertThat(report.problems()).isEmpty();
        assertThat(report.clean()).isTrue();
        assertThat(report.unreachableBytes()).isZero();
        assertThat(report.liveBlocks()).isEqualTo(2);
        try (BtdCluster cluster = BtdCluster.open(config)) {
            assertThat(cluster.stat().liveBlocks()).isEqualTo(2);
            cluster.roots().remove("kept", kept);
            cluster.free(kept);
            assertThat(cluster.stat().liveBlocks()).isZero();
            assertThat(fillWithPages(cluster)).as("every page can be had again").isTrue();
        }
    }

    /// Whether large blocks get at every page but those of superblocks that hold one of them: none.
    private static boolean fillWithPages(BtdCluster cluster) {
        List<Long> blocks = new ArrayList<>();
        try {
            while (true) {
                blocks.add(cluster.malloc(36_864, Alloc.OPAQUE));
            }
        } catch (Full full) {
            boolean all = cluster.stat().capacity() - cluster.stat().pagesInUse() < 36_864;
            blocks.forEach(cluster::free);
            return all;
        }
    }

    private void work(BtdCluster cluster, SplittableRandom random, int steps) {
        try {
            List<Stamped> mine = new ArrayList<>();
            for (int step = 0; step < steps && failures.isEmpty(); step++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> {
                        Stamped fresh = allocate(cluster, random);
                        if (fresh != null) {
                            mine.add(fresh);
                        }
                    }
                    case 4, 5 -> {
                        if (!mine.isEmpty()) {
                            release(cluster, mine.remove(random.nextInt(mine.size())));
                        }
                    }
                    case 6 -> {
                        if (!mine.isEmpty() && afloat.get() < MOST_ADRIFT) {
                            afloat.incrementAndGet();
                            adrift.add(mine.remove(random.nextInt(mine.size())));
                        }
                    }
                    case 7 -> {
                        Stamped other = adrift.poll();
                        if (other != null) {
                            afloat.decrementAndGet();
                            release(cluster, other);
                        }
                    }
                    default -> link(cluster, random);
                }
                if (mine.size() > 100) {
                    mine.forEach(stamped -> release(cluster, stamped));
                    mine.clear();
                }
            }
            mine.forEach(stamped -> release(cluster, stamped));
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private @Nullable Stamped allocate(BtdCluster cluster, SplittableRandom random) {
        try {
            int size = random.nextInt(400) == 0
                    ? random.nextInt(1, 200_000)
                    : random.nextInt(1, 1 << random.nextInt(1, 12));
            int way = random.nextInt(4);
            long block = switch (way) {
                case 0 -> cluster.malloc(size);
                case 1 -> cluster.malloc(size, Alloc.OPAQUE);
                case 2 -> cluster.malloc(TYPED, Math.max(48, size));
                default -> cluster.local().malloc(size);
            };
            served.incrementAndGet();
            long usable = cluster.usableSize(block);
            long stamp = stamps.incrementAndGet() << 4 | 1;
            Long other = owners.putIfAbsent(block, stamp);
            if (other != null) {
                throw new AssertionError("block lives twice: " + GlobalPointer.toString(block));
            }
            if (way != 1 && cluster.getLong(block) != 0) {
                throw new AssertionError("not zeroed: " + GlobalPointer.toString(block));
            }
            word(cluster, block, stamp);
            if (way != 2) {
                word(cluster, block + usable - 8, stamp);
            }
            return new Stamped(block, usable, stamp);
        } catch (Full none) {
            full.incrementAndGet();
            return null;
        }
    }

    private static void word(BtdCluster cluster, long address, long value) {
        cluster.memcpy(address, MemorySegment.ofArray(new long[] {value}));
    }

    private void release(BtdCluster cluster, Stamped stamped) {
        long first = cluster.getLong(stamped.block());
        long last = cluster.getLong(stamped.block() + stamped.usable() - 8);
        if (first != stamped.stamp() || last != stamped.stamp() && last != 0) {
            throw new AssertionError("stamp overwritten: " + GlobalPointer.toString(stamped.block()));
        }
        if (!owners.remove(stamped.block(), stamped.stamp())) {
            throw new AssertionError("not ours: " + GlobalPointer.toString(stamped.block()));
        }
        cluster.free(stamped.block());
    }

    /// A list of three, linked and unlinked again.
    private void link(BtdCluster cluster, SplittableRandom random) {
        long[] list = new long[3];
        try {
            list[0] = cluster.malloc(TYPED);
            list[1] = cluster.malloc(random.nextInt(16, 300));
            list[2] = cluster.malloc(16);
        } catch (Full none) {
            full.incrementAndGet();
            for (long block : list) {
                if (block != 0) {
                    cluster.free(block);
                }
            }
            return;
        }
        cluster.putPointer(list[0] + 40, list[1]);
        cluster.publish(list[1], list[2]);
        if (cluster.getLong(list[0] + 40) != list[1]
                || !cluster.unlinkAndFree(list[1], list[2], 0)
                || !cluster.unlinkAndFree(list[0] + 40, list[1], 0)) {
            throw new AssertionError("link lost");
        }
        cluster.free(list[0]);
        served.addAndGet(3);
    }

    /// Frees every second of the blocks, as other threads do at the same time. The blocks between keep the
    /// superblocks, so that no freed one has a new life.
    private void raceToFree(BtdCluster cluster, long[] blocks, Phaser step) {
        try {
            for (int i = 0; i < blocks.length && failures.isEmpty(); i += 2) {
                step.arriveAndAwaitAdvance();
                try {
                    cluster.free(blocks[i]);
                    wonRaces.incrementAndGet();
                } catch (InvalidPointer lost) {
                    lostRaces.incrementAndGet();
                }
            }
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            step.arriveAndDeregister();
        }
    }
}
