// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.AsyncCluster;
import io.btd.api.Batch;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/// Other ways to the same session: views with defaults, calls that do not wait, batches.
interface HandleContract extends ClusterUnderTest {

    @Test
    default void aViewOfTheSessionIsTheSameSession() {
        long block = cluster().malloc(100);
        int node = GlobalPointer.node(block);
        List<BtdCluster> views = List.of(
                cluster().withDeadline(Duration.ofSeconds(30)),
                cluster().near(block),
                cluster().near(block + 8),
                cluster().on(node),
                cluster().spread(),
                cluster().on(node).withDeadline(Duration.ofSeconds(20)).spread());
        for (BtdCluster view : views) {
            long other = view.malloc(64);
            view.putPointer(block, other);
            assertThat(cluster().getLong(block)).isEqualTo(other);
            view.roots().put("view", other);
            assertThat(cluster().roots().get("view")).isEqualTo(other);
            assertThat(view.roots().remove("view", other)).isTrue();
            view.close();
            assertThat(view.usableSize(other)).isGreaterThanOrEqualTo(64);
            cluster().putPointer(block, 0);
            cluster().free(other);
        }
        assertThat(GlobalPointer.node(cluster().on(node).malloc(16))).isEqualTo(node);
        assertThat(GlobalPointer.node(cluster().near(block).malloc(16))).isEqualTo(node);
    }

    @Test
    default void aViewWithoutAMeaningIsRefused() {
        refused(InvalidConfig.class, () -> cluster().withDeadline(Duration.ZERO));
        refused(InvalidConfig.class, () -> cluster().withDeadline(Duration.ofSeconds(-1)));
        refused(InvalidConfig.class, () -> cluster().withDeadline(Duration.ofHours(2)));
        refused(InvalidConfig.class, () -> cluster().on(4095));
        refused(InvalidConfig.class, () -> cluster().on(0));
        refused(InvalidPointer.class, () -> cluster().near(GlobalPointer.of(4095, 1, 4096)));
    }

    @Test
    default void whatIsAdoptedIsALiveBlock() {
        long block = cluster().malloc(100);
        cluster().adopt(block);
        cluster().free(block);
        pointerRefused(PointerFault.NOT_ALLOCATED, () -> cluster().adopt(block));
        pointerRefused(PointerFault.NULL, () -> cluster().adopt(0));
        long other = cluster().malloc(100);
        pointerRefused(PointerFault.INTERIOR, () -> cluster().adopt(other + 16));
        pointerRefused(PointerFault.MISALIGNED, () -> cluster().adopt(other + 1));
    }

    @Test
    default void callsThatDoNotWaitDoWhatTheOthersDo() {
        AsyncCluster async = cluster().async();
        long slot = async.malloc(16, Alloc.POINTERS).join();
        long block = async.malloc(1000, Alloc.OPAQUE).join();
        byte[] bytes = bytes(1000);
        byte[] read = new byte[1000];
        async.memcpy(block, MemorySegment.ofArray(bytes)).join();
        async.read(block, MemorySegment.ofArray(read)).join();
        assertThat(read).isEqualTo(bytes);
        bytes[5]++;
        assertThat(async.write(block, MemorySegment.ofArray(bytes), Durability.PERSISTENT)
                        .join())
                .isEqualTo(Durability.PERSISTENT);
        assertThat(read(block, 1000)).isEqualTo(bytes);
        async.putPointer(slot, block).join();
        assertThat(async.getLong(slot).join()).isEqualTo(block);
        assertThat(async.getAndAdd(slot + 8, 5).join()).isZero();
        assertThat(async.getAndSet(slot + 8, 9).join()).isEqualTo(5);
        assertThat(async.compareAndSet(slot + 8, 8, 1).join()).isFalse();
        assertThat(async.compareAndSet(slot + 8, 9, 1).join()).isTrue();
        assertThat(async.unlinkAndFree(slot, block, 0).join()).isTrue();
        CompletableFuture<Void> again = async.free(block);
        assertThatThrownBy(again::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(InvalidPointer.class);
        async.free(slot).join();
        assertThat(cluster().stat().liveBlocks()).isZero();
    }

    @Test
    default void manyCallsAtOnceAllArrive() {
        AsyncCluster async = cluster().async();
        long counter = cluster().malloc(16, Alloc.OPAQUE.withZeroes());
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            all.add(async.getAndAdd(counter, 1));
        }
        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(2000);
        assertThat(cluster().getLong(counter)).isEqualTo(2000);
    }

    @Test
    default void aBatchMakesItsCallsInOrderAndEachForItself() {
        long slot = cluster().malloc(16);
        long block = cluster().malloc(64, Alloc.OPAQUE);
        byte[] first = bytes(64);
        byte[] second = bytes(64);
        byte[] between = new byte[64];
        byte[] after = new byte[64];
        Batch batch = cluster().batch();
        Batch.Result<Void> copied = batch.memcpy(block, MemorySegment.ofArray(first));
        Batch.Result<Void> readBetween = batch.read(block, MemorySegment.ofArray(between));
        Batch.Result<Void> wrong = batch.free(block + 16);
        Batch.Result<Durability> written = batch.write(block, MemorySegment.ofArray(second), Durability.PERSISTENT);
        Batch.Result<Void> readAfter = batch.read(block, MemorySegment.ofArray(after));
        Batch.Result<Void> linked = batch.putPointer(slot, block);
        Batch.Result<Long> link = batch.getLong(slot);
        Batch.Result<Long> before = batch.getAndAdd(slot + 8, 3);
        Batch.Result<Boolean> swapped = batch.compareAndSet(slot + 8, 3, 4);
        Batch.Result<Boolean> swappedAgain = batch.compareAndSet(slot + 8, 3, 5);
        Batch.Result<Long> made = batch.malloc(100, Alloc.POINTERS);
        assertThatThrownBy(made::get).isInstanceOf(IllegalStateException.class);
        batch.run();
        assertThat(copied.get()).isNull();
        assertThat(readBetween.get()).isNull();
        assertThat(between).isEqualTo(first);
        assertThatThrownBy(wrong::get).isInstanceOf(InvalidPointer.class);
        assertThat(written.get()).isEqualTo(Durability.PERSISTENT);
        assertThat(readAfter.get()).isNull();
        assertThat(after).isEqualTo(second);
        assertThat(linked.get()).isNull();
        assertThat(link.get()).isEqualTo(block);
        assertThat(before.get()).isZero();
        assertThat(swapped.get()).isTrue();
        assertThat(swappedAgain.get()).isFalse();
        assertThat(cluster().getLong(slot + 8)).isEqualTo(4);
        assertThat(cluster().usableSize(made.get())).isGreaterThanOrEqualTo(100);
        batch.run();
        Batch.Result<Void> freed = batch.free(made.get());
        batch.run();
        assertThat(freed.get()).isNull();
    }

    @Test
    default void aBatchOfManyMallocsAndOfTooMany() {
        Batch batch = cluster().batch();
        List<Batch.Result<Long>> all = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            all.add(batch.malloc(16, Alloc.OPAQUE));
        }
        batch.run();
        assertThat(all.stream().map(Batch.Result::get).distinct()).hasSize(5000);
        all.forEach(one -> batch.free(one.get()));
        batch.run();
        assertThat(cluster().stat().liveBlocks()).isZero();
        for (int i = 0; i < Batch.MAX_CALLS; i++) {
            batch.getLong(16);
        }
        assertThatThrownBy(() -> batch.getLong(16)).isInstanceOf(InvalidSize.class);
    }

    @Test
    default void otherHandlesOfAClosedClusterAreClosed() {
        long block = cluster().malloc(64);
        BtdCluster view = cluster().spread();
        AsyncCluster async = cluster().async();
        Batch batch = cluster().batch();
        Batch.Result<Long> word = batch.getLong(block);
        cluster().close();
        assertThatThrownBy(() -> view.malloc(16)).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> async.malloc(16, Alloc.OPAQUE).join()).hasCauseInstanceOf(Closed.class);
        try {
            batch.run();
            assertThatThrownBy(word::get).isInstanceOf(Closed.class);
        } catch (BtdException closed) {
            assertThat(closed).isInstanceOf(Closed.class);
        }
        assertThatThrownBy(() -> cluster().adopt(block)).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> cluster().spread().malloc(16)).isInstanceOf(Closed.class);
        reopen();
    }
}
