// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.ClassCount;
import io.btd.api.GlobalPointer;
import io.btd.api.PersistenceDomain;
import io.btd.heap.Decision;
import io.btd.heap.Heap;
import io.btd.heap.Reach;
import io.btd.heap.RootDirectory;
import io.btd.heap.SessionRecord;
import io.btd.heap.SessionTable;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.MemoryMedium;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a node finds after a crash (a process that stops without closing), and what its sessions still have.
class NodeRecoveryTest {
    private static final int LARGE = 3000;

    private final Geometry geometry = Geometry.tiny(512);
    private final MemoryMedium medium = new MemoryMedium(geometry.mediumBytes(), PersistenceDomain.PROCESS);
    private ArenaFile arena;
    private Recovery.Opened node;

    @BeforeEach
    void make() {
        ArenaFile.format(medium, geometry, 1, 1, new UUID(1, 2));
        crash();
    }

    /// The next life, after the former one just stopped.
    private void crash() {
        arena = ArenaFile.open(medium);
        node = Recovery.open(arena, true);
    }

    private void close() {
        boolean sessions = !node.sessions().sessions().isEmpty();
        node.heap().close(sessions).ifPresent(arena::markClosed);
    }

    private Heap heap() {
        return node.heap();
    }

    private long live() {
        return heap().count().stream().mapToLong(ClassCount::blocks).sum();
    }

    private long held(int size) {
        return heap().mallocHeld(size, Alloc.POINTERS);
    }

    private long session() {
        return node.sessions().open(1, 2, 3);
    }

    private Set<Long> fill() {
        Set<Long> blocks = new HashSet<>();
        for (int size : new int[] {LARGE, 200, 24}) {
            try {
                while (true) {
                    blocks.add(heap().malloc(size, Alloc.POINTERS));
                }
            } catch (Full full) {
                // the next size down
            }
        }
        return blocks;
    }

    @Test
    void withoutSessionsNothingIsLeftOpen() {
        long named = held(24);
        held(24);
        held(LARGE);
        new RootDirectory(heap()).put("a", named, false);
        crash();
        assertThat(heap().undecided()).isFalse();
        assertThat(live()).as("the named block and its entry").isEqualTo(2);
        assertThat(heap().declare(named)).as("nobody may declare").isFalse();
        assertThat(node.report().clean()).isFalse();
        assertThat(node.report().survivingBlocks()).isEqualTo(2);
        Decision decision = Objects.requireNonNull(node.decision());
        assertThat(decision.reclaimedPages()).isPositive();
        assertThat(decision.reclaimed().stream().mapToLong(ClassCount::blocks).sum())
                .isPositive();
        close();
        crash();
        assertThat(node.report().clean()).isTrue();
        assertThat(node.decision()).isNull();
    }

    @Test
    void whatIsDeclaredLivesAndTheRestComesHome() {
        long session = session();
        long pages = heap().pages().availablePages();
        long small = held(24);
        long large = held(LARGE);
        long lost = held(24);
        long lostLarge = held(LARGE);
        long named = held(100);
        new RootDirectory(heap()).put("a", named, false);
        arena.memory().setLong(GlobalPointer.offset(small), 77);
        crash();

        assertThat(node.sessions().sessions().stream().map(SessionRecord::id)).containsExactly(session);
        assertThat(heap().undecided()).isTrue();
        assertThat(node.decision()).isNull();
        assertThat(live()).as("chunk, name and named").isEqualTo(3);
        for (long block : new long[] {small, large, lost, lostLarge}) {
            assertThat(heap().finder().isBlock(block)).isFalse();
            assertThatThrownBy(() -> heap().free(block)).isInstanceOf(InvalidPointer.class);
        }
        Set<Long> others = fill();
        assertThat(others).isNotEmpty().doesNotContain(small, large, lost, lostLarge, named);
        for (long block : new long[] {small, large, named}) {
            assertThat(heap().declare(block)).isTrue();
            assertThat(heap().declare(block))
                    .as("another session holds it, too")
                    .isTrue();
        }
        long handedOut = others.iterator().next();
        for (long wrong : new long[] {0, 5, small + 8, small + 16 * 1000, handedOut, GlobalPointer.of(2, 1, 4096)}) {
            assertThat(heap().declare(wrong)).as("wrong=%x", wrong).isFalse();
        }
        others.forEach(heap()::free);
        assertThat(arena.memory().getLong(GlobalPointer.offset(small))).isEqualTo(77);

        Decision decision = heap().decide();
        assertThat(decision.declared().stream().mapToLong(ClassCount::blocks).sum())
                .isEqualTo(2);
        assertThat(decision.keptBlocks()).isZero();
        assertThat(heap().undecided()).isFalse();
        assertThat(heap().declare(lost)).as("too late").isFalse();
        assertThat(heap().decide().reclaimedPages()).as("once").isZero();
        assertThat(live()).isEqualTo(5);
        assertThat(fill()).contains(lost);
        assertThat(pages).isPositive();
    }

    @Test
    void everythingComesHomeWhenNobodyDeclares() {
        session();
        long before = heap().pages().availablePages();
        for (int i = 0; i < 100; i++) {
            held(24 + i);
        }
        held(LARGE);
        crash();
        heap().decide();
        assertThat(live()).as("the chunk of records").isEqualTo(1);
        assertThat(heap().pages().availablePages()).isEqualTo(before);
    }

    @Test
    void whatIsFreedBeforeTheDecisionHasNoNewLifeBeforeIt() {
        session();
        RootDirectory names = new RootDirectory(heap());
        long small = held(24);
        long large = held(LARGE);
        long limbo = held(24);
        long beside = held(24);
        names.put("small", small, false);
        names.put("large", large, false);
        crash();
        names = new RootDirectory(heap());
        names.remove("small", small);
        names.remove("large", large);
        heap().free(small);
        heap().free(large);
        assertThat(heap().declare(limbo)).isTrue();
        assertThat(heap().declare(beside)).isTrue();
        heap().unallocate(limbo);
        heap().bringHome(limbo);
        for (long block : new long[] {small, large, limbo}) {
            assertThat(heap().declare(block)).as("free by now").isFalse();
            assertThatThrownBy(() -> heap().free(block)).isInstanceOf(InvalidPointer.class);
        }
        Set<Long> others = fill();
        assertThat(others).doesNotContain(small, large, limbo);
        others.forEach(heap()::free);
        heap().decide();
        assertThat(live()).as("records, and what keeps the superblock").isEqualTo(2);
        assertThat(fill()).contains(small, limbo).doesNotContain(beside);
    }

    @Test
    void exportedRunsKeepWhatTheyHave() {
        long exported = held(24);
        long beside = held(24);
        long large = held(LARGE);
        long other = held(200);
        heap().export(exported);
        heap().export(large);
        crash();
        Decision decision = Objects.requireNonNull(node.decision());
        assertThat(decision.keptBlocks()).isEqualTo(live()).isGreaterThan(2);
        assertThat(heap().finder().isBlock(exported)).isTrue();
        assertThat(heap().finder().isBlock(beside)).as("nobody can tell").isTrue();
        assertThat(heap().finder().isBlock(large)).isTrue();
        assertThat(heap().finder().isBlock(other)).isFalse();
        long kept = live();
        close();
        assertThat(Checker.check(ArenaFile.open(medium)).problems()).isEmpty();
        crash();
        assertThat(live()).isEqualTo(kept);
        heap().free(large);
        heap().free(exported);
        assertThat(live()).isEqualTo(kept - 2);
    }

    @Test
    void whatIsInExportedRunsLivesBeforeTheDecision() {
        session();
        long exported = held(24);
        long large = held(LARGE);
        heap().export(exported);
        heap().export(large);
        crash();
        assertThat(heap().undecided()).isTrue();
        assertThat(heap().finder().isBlock(exported)).isTrue();
        assertThat(heap().finder().isBlock(large)).isTrue();
        heap().free(exported);
        assertThat(heap().finder().isBlock(exported)).isFalse();
        assertThat(heap().declare(exported)).as("freed meanwhile").isFalse();
        long before = live();
        heap().decide();
        assertThat(live()).isEqualTo(before);
        assertThat(heap().finder().isBlock(large)).isTrue();
    }

    @Test
    void whatExportedBlocksReferToIsKept() {
        long exported = held(24);
        long target = held(200);
        long beyond = held(3000);
        arena.memory().setLong(GlobalPointer.offset(exported), target);
        arena.memory().setLong(GlobalPointer.offset(target), beyond);
        heap().export(exported);
        crash();
        assertThat(heap().undecided()).isFalse();
        assertThat(heap().finder().isBlock(target)).isTrue();
        assertThat(heap().finder().isBlock(beyond)).isTrue();
    }

    @Test
    void anOrderlyCloseKnowsWhatWasFreeInExportedRuns() {
        long session = session();
        long exported = held(24);
        long gone = held(24);
        heap().export(exported);
        heap().free(gone);
        for (int life = 0; life < 2; life++) {
            close();
            crash();
            assertThat(heap().undecided()).isTrue();
            assertThat(heap().declare(gone)).as("was free").isFalse();
            assertThat(heap().decide().keptBlocks()).isOne();
            assertThat(live()).isEqualTo(2);
            assertThat(heap().finder().isBlock(exported)).isTrue();
        }
        assertThat(node.sessions().close(session)).isTrue();
        assertThat(heap().close(true)).hasValue(false);
        arena.markClosed(false);
        ArenaFile own = ArenaFile.open(medium);
        Recovery.run(own, false);
        assertThat(new Heap(own, false)
                        .count().stream().mapToLong(ClassCount::blocks).sum())
                .isOne();
    }

    @Test
    void anArenaOfItsOwnKeepsExportedRunsToo() {
        long exported = held(24);
        held(200);
        heap().export(exported);
        ArenaFile own = ArenaFile.open(medium);
        Recovery.run(own, true);
        Heap alone = new Heap(own, true);
        assertThat(alone.reach()).isEqualTo(Reach.ARENA);
        assertThat(alone.finder().isBlock(exported)).isTrue();
        assertThat(alone.count())
                .singleElement()
                .satisfies(count -> assertThat(count.blockSize()).isEqualTo(32));
    }

    @Test
    void aNodeThatIsClosedBeforeTheDecisionAsksAgain() {
        session();
        long declared = held(24);
        long waiting = held(24);
        crash();
        assertThat(heap().declare(declared)).isTrue();
        assertThat(heap().close(false)).as("undecided").hasValue(false);
        arena.markClosed(false);
        crash();
        assertThat(heap().undecided()).isTrue();
        assertThat(heap().declare(waiting)).isTrue();
        assertThat(heap().declare(declared)).isTrue();
        crash();
        assertThat(heap().declare(declared)).isTrue();
        heap().decide();
        assertThat(live()).isEqualTo(2);
    }

    @Test
    void sessionsOutliveAnOrderlyClose() {
        long session = session();
        long held = held(24);
        close();
        crash();
        assertThat(node.report().takenOver()).as("nobody died").isFalse();
        assertThat(heap().undecided()).isTrue();
        assertThat(heap().declare(held)).isTrue();
        heap().decide();
        assertThat(node.sessions().close(session)).isTrue();
        assertThat(heap().freeIfFresh(held)).isTrue();
        close();
        crash();
        assertThat(node.report().clean()).isTrue();
    }

    @Test
    void aDeclaredBlockThatAnotherRefersToStaysWhenItsSessionEnds() {
        session();
        for (boolean holderFirst : new boolean[] {true, false}) {
            long target = held(24);
            long holder = held(24);
            long alone = held(24);
            arena.memory().setLong(GlobalPointer.offset(holder) + 8, target);
            crash();
            assertThat(heap().declare(holderFirst ? holder : target)).isTrue();
            assertThat(heap().declare(holderFirst ? target : holder)).isTrue();
            assertThat(heap().declare(alone)).isTrue();
            heap().decide();
            assertThat(heap().freeIfFresh(target)).isFalse();
            assertThat(heap().freeIfFresh(alone)).isTrue();
            new RootDirectory(heap()).put("holder" + holderFirst, holder, false);
            crash();
            assertThat(heap().finder().isBlock(target)).isTrue();
            heap().decide();
        }
    }

    @Test
    void aDeclaredBlockInAnExportedRunIsNotFreedWithItsSession() {
        session();
        long block = held(24);
        heap().export(block);
        crash();
        assertThat(heap().declare(block)).isTrue();
        assertThat(heap().freeIfFresh(block)).isFalse();
        heap().decide();
        assertThat(heap().finder().isBlock(block)).isTrue();
    }

    @Test
    void fsckTakesForeignPointersForNoDamage() {
        long there = GlobalPointer.of(2, 1, 4096);
        new RootDirectory(heap()).put("there", there, false, true);
        session();
        assertThat(Checker.check(ArenaFile.open(medium)).problems()).isEmpty();
        crash();
        assertThat(new RootDirectory(heap()).get("there")).isEqualTo(there);
    }

    @Test
    void sessionsOfACleanArenaAreOver() {
        session();
        long held = held(24);
        assertThat(heap().close(false)).hasValue(true);
        arena.markClosed(true);
        crash();
        assertThat(node.sessions().sessions()).isEmpty();
        assertThat(heap().undecided()).isFalse();
        assertThat(heap().declare(held)).isFalse();
    }

    @Test
    void declaringFreeingAndDecidingAtOnce() throws Exception {
        SessionTable unused = node.sessions();
        assertThat(unused.sessions()).isEmpty();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 30; round++) {
                long session = session();
                List<Long> blocks = new ArrayList<>();
                for (int i = 0; i < 150; i++) {
                    blocks.add(held(i % 40 == 0 ? LARGE : 16 + i % 3 * 16));
                }
                crash();
                CyclicBarrier start = new CyclicBarrier(3);
                CountDownLatch some = new CountDownLatch(blocks.size() / 3);
                Future<Set<Long>> declaring = threads.submit(() -> {
                    Set<Long> declared = new HashSet<>();
                    start.await();
                    for (long block : blocks) {
                        if (heap().declare(block)) {
                            declared.add(block);
                        }
                        some.countDown();
                    }
                    return declared;
                });
                Future<Set<Long>> freeing = threads.submit(() -> {
                    Set<Long> freed = new HashSet<>();
                    start.await();
                    for (int i = 0; i < 400; i++) {
                        long block = blocks.get(i * 7 % blocks.size());
                        try {
                            heap().free(block);
                            freed.add(block);
                        } catch (InvalidPointer notDeclaredYet) {
                            // or free already
                        }
                    }
                    return freed;
                });
                Future<Decision> deciding = threads.submit(() -> {
                    start.await();
                    some.await();
                    return heap().decide();
                });
                Set<Long> declared = declaring.get();
                deciding.get();
                assertThat(declared).containsAll(freeing.get());
                declared.removeAll(freeing.get());
                assertThat(live()).isEqualTo(declared.size() + 1L);
                for (long block : blocks) {
                    assertThat(heap().finder().isBlock(block)).isEqualTo(declared.contains(block));
                }
                Set<Long> others = fill();
                assertThat(declared).noneMatch(others::contains);
                node.sessions().close(node.sessions().sessions().getFirst().id());
                assertThat(session).isPositive();
                crash();
                assertThat(live()).isEqualTo(1);
            }
        }
    }
}
