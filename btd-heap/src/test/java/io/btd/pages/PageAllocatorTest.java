// SPDX-License-Identifier: Apache-2.0
package io.btd.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.pmem.ArenaFile;
import io.btd.pmem.Dice;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/// Runs of pages against a model, and in a race.
class PageAllocatorTest {

    private record Run(long first, long pages) {}

    private static long longestZeros(BitSet used, long pages) {
        long longest = 0;
        for (int at = used.nextClearBit(0); at < pages; ) {
            int end = used.nextSetBit(at);
            end = end < 0 ? (int) pages : end;
            longest = Math.max(longest, end - at);
            at = used.nextClearBit(end);
        }
        return longest;
    }

    private static boolean hasAlignedRun(BitSet used, long pages, long length, int alignment) {
        for (int at = 0; at + length <= pages; at += alignment) {
            int next = used.nextSetBit(at);
            if (next < 0 || next >= at + length) {
                return true;
            }
        }
        return false;
    }

    @Test
    void runsFollowAModel() {
        SplittableRandom random = Dice.roll();
        for (int round = 0; round < (Dice.deep() ? 400 : 20); round++) {
            int capacity = random.nextInt(1, 2000);
            ArenaFile arena = TinyArena.open(capacity);
            PageAllocator pages = new PageAllocator(arena);
            long all = arena.geometry().pages();
            BitSet model = new BitSet();
            List<Run> runs = new ArrayList<>();
            for (int step = 0; step < 1000; step++) {
                if (!runs.isEmpty() && random.nextInt(5) < 2) {
                    Run run = runs.remove(random.nextInt(runs.size()));
                    pages.free(run.first(), run.pages());
                    model.clear((int) run.first(), (int) (run.first() + run.pages()));
                } else {
                    long length = random.nextInt(3) == 0 ? random.nextInt(1, 300) : random.nextInt(1, 9);
                    int alignment = 1 << random.nextInt(random.nextInt(10) == 0 ? 9 : 4);
                    long first = pages.allocate(length, alignment);
                    if (first < 0) {
                        assertThat(first).isEqualTo(PageAllocator.NO_ROOM);
                        boolean fits = model.cardinality() + length <= capacity
                                && hasAlignedRun(model, all, length, alignment);
                        assertThat(fits)
                                .as("length=%d, alignment=%d", length, alignment)
                                .isFalse();
                        continue;
                    }
                    assertThat(first % alignment).isZero();
                    assertThat(first + length).isLessThanOrEqualTo(all);
                    int next = model.nextSetBit((int) first);
                    assertThat(next < 0 || next >= first + length)
                            .as("page twice")
                            .isTrue();
                    model.set((int) first, (int) (first + length));
                    runs.add(new Run(first, length));
                }
                assertThat(pages.availablePages()).isEqualTo(capacity - model.cardinality());
                assertThat(pages.longestFreeRun())
                        .isEqualTo(Math.min(longestZeros(model, all), capacity - model.cardinality()));
            }
            for (int page = 0; page < all; page++) {
                assertThat(pages.bits().isSet(page)).isEqualTo(model.get(page));
            }
            assertThat(new PageAllocator(arena).availablePages())
                    .as("counters rebuilt from bits")
                    .isEqualTo(pages.availablePages());
        }
    }

    @Test
    void theLastPageCanBeHadAndNoneBeyondIt() {
        for (int capacity : new int[] {1, 63, 64, 65, 511, 512, 513, 1024}) {
            PageAllocator pages = new PageAllocator(TinyArena.open(capacity));
            for (int i = 0; i < capacity; i++) {
                assertThat(pages.allocate(1, 1)).isNotNegative();
            }
            assertThat(pages.allocate(1, 1)).isEqualTo(PageAllocator.NO_ROOM);
            assertThat(pages.availablePages()).isZero();
            assertThat(pages.longestFreeRun()).isZero();
        }
    }

    @Test
    void oneRunMayTakeTheWholeAddressSpace() {
        Geometry geometry = Geometry.tiny(1024);
        PageAllocator pages = new PageAllocator(TinyArena.open(geometry));
        assertThat(pages.longestFreeRun()).isEqualTo(1024);
        assertThat(pages.allocate(1025, 1)).isEqualTo(PageAllocator.NO_ROOM);
        assertThat(pages.allocate(1024, 512)).isZero();
        pages.free(0, 1024);
        assertThat(pages.availablePages()).isEqualTo(1024);
    }

    @Test
    void freeingPagesTwiceIsNoticed() {
        PageAllocator pages = new PageAllocator(TinyArena.open(512));
        long first = pages.allocate(70, 1);
        pages.free(first, 70);
        assertThatThrownBy(() -> pages.free(first, 70)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void racingThreadsNeverGetAPageTwiceAndCountsAreExact() throws Exception {
        SplittableRandom random = Dice.roll();
        for (int round = 0; round < (Dice.deep() ? 100 : 5); round++) {
            int capacity = random.nextInt(200, 1500);
            ArenaFile arena = TinyArena.open(capacity);
            PageAllocator pages = new PageAllocator(arena);
            AtomicIntegerArray owner =
                    new AtomicIntegerArray((int) arena.geometry().pages());
            List<Callable<Integer>> racers = new ArrayList<>();
            for (int thread = 1; thread <= 4; thread++) {
                int me = thread;
                SplittableRandom mine = random.split();
                racers.add(() -> race(pages, owner, me, mine));
            }
            int served = 0;
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (Future<Integer> done : threads.invokeAll(racers)) {
                    served += done.get();
                }
            }
            assertThat(served).isPositive();
            assertThat(pages.availablePages()).isEqualTo(capacity);
            for (int word = 0; word < pages.bits().words(); word++) {
                assertThat(pages.bits().word(word)).isZero();
            }
            assertThat(pages.metadataBytes()).isEqualTo(arena.geometry().fixedEnd());
        }
    }

    private static int race(PageAllocator pages, AtomicIntegerArray owner, int me, SplittableRandom random) {
        List<Run> runs = new ArrayList<>();
        int served = 0;
        for (int step = 0; step < 3000; step++) {
            boolean free = !runs.isEmpty() && (step >= 2900 || random.nextInt(2) == 0);
            if (free) {
                Run run = runs.remove(random.nextInt(runs.size()));
                stamp(owner, run, me, 0);
                pages.free(run.first(), run.pages());
            } else if (step < 2900) {
                long length = random.nextInt(4) == 0 ? random.nextInt(1, 200) : random.nextInt(1, 20);
                long first = pages.allocate(length, 1 << random.nextInt(5));
                if (first >= 0) {
                    Run run = new Run(first, length);
                    stamp(owner, run, 0, me);
                    runs.add(run);
                    served++;
                }
            }
        }
        for (Run run : runs) {
            stamp(owner, run, me, 0);
            pages.free(run.first(), run.pages());
        }
        return served;
    }

    private static void stamp(AtomicIntegerArray owner, Run run, int from, int to) {
        for (long page = run.first(); page < run.first() + run.pages(); page++) {
            if (!owner.compareAndSet((int) page, from, to)) {
                throw new AssertionError("page=" + page + " belongs to " + owner.get((int) page) + ", not " + from);
            }
        }
    }
}
