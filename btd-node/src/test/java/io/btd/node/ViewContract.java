// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BlockView;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.Pinned;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.Layout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Zero-copy views.
interface ViewContract extends ClusterUnderTest {

    @Test
    default void aViewIsTheBlockAndNothingBesideIt() {
        for (int size : new int[] {16, 1000, 100_000}) {
            long block = cluster().malloc(size, Alloc.OPAQUE.withZeroes());
            try (BlockView view = cluster().view(block)) {
                MemorySegment segment = view.segment();
                assertThat(segment.byteSize()).isEqualTo(cluster().usableSize(block));
                segment.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 7);
                view.persist(size - 1, 1);
                assertThat(read(block + size - 1, 1)).containsOnly(7);
                memcpy(block, (byte) 9);
                assertThat(segment.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
                assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, segment.byteSize()))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    default void whatWasPersistedThroughAViewSurvives() {
        long block = cluster().malloc(1000, Alloc.OPAQUE);
        byte[] content = bytes(1000);
        cluster().roots().put("viewed", block);
        try (BlockView view = cluster().view(block)) {
            view.segment().copyFrom(MemorySegment.ofArray(content));
            view.persist(0, 1000);
        }
        crash();
        assertThat(read(block, 1000)).isEqualTo(content);
    }

    @Test
    default void blocksThatMayHoldPointersAreReadOnly() {
        for (long block :
                new long[] {cluster().malloc(64), cluster().malloc(new Layout(5, 1, 16, false, List.of(0L)))}) {
            try (BlockView view = cluster().view(block)) {
                assertThat(view.segment().isReadOnly()).isTrue();
                assertThat(view.segment().get(ValueLayout.JAVA_LONG, 0)).isZero();
            }
        }
    }

    @Test
    default void aViewedBlockCannotBeFreedUntilTheLastViewIsClosed() {
        for (int size : new int[] {16, 100_000}) {
            long slot = cluster().malloc(16);
            long block = cluster().malloc(size);
            cluster().putPointer(slot, block);
            BlockView first = cluster().view(block);
            BlockView second = cluster().view(block);
            assertThat(cluster().stat().openViews()).isEqualTo(2);
            for (BlockView view : List.of(first, second)) {
                refused(Pinned.class, () -> cluster().free(block));
                refused(Pinned.class, () -> cluster().free(new long[] {block}));
                refused(Pinned.class, () -> cluster().local().free(block));
                refused(Pinned.class, () -> cluster().unlinkAndFree(slot, block, 0));
                refused(Pinned.class, () -> cluster().realloc(block, 500_000));
                assertThat(cluster().getLong(slot)).isEqualTo(block);
                assertThat(cluster().usableSize(block)).isGreaterThanOrEqualTo(size);
                view.close();
                view.close();
            }
            assertThat(cluster().stat().openViews()).isZero();
            assertThat(cluster().unlinkAndFree(slot, block, 0)).isTrue();
        }
    }

    @Test
    default void aClosedViewIsDead() {
        long block = cluster().malloc(64, Alloc.OPAQUE);
        BlockView view = cluster().view(block);
        MemorySegment segment = view.segment();
        view.close();
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.persist(0, 1)).isInstanceOf(Closed.class);
    }

    @Test
    default void rangesOutsideTheBlockAreNotPersisted() {
        long block = cluster().malloc(64, Alloc.OPAQUE);
        try (BlockView view = cluster().view(block)) {
            long size = view.segment().byteSize();
            view.persist(size, 0);
            long[][] ranges = {
                {-1, 1},
                {0, -1},
                {0, size + 1},
                {size, 1},
                {1, size},
                {Long.MAX_VALUE, 1},
                {1, Long.MAX_VALUE},
                {Long.MIN_VALUE, Long.MAX_VALUE}
            };
            for (long[] range : ranges) {
                pointerRefused(PointerFault.OUT_OF_BOUNDS, () -> view.persist(range[0], range[1]));
            }
        }
    }

    @Test
    default void aViewBelongsToItsThread() throws Exception {
        long block = cluster().malloc(64, Alloc.OPAQUE);
        try (BlockView view = cluster().view(block);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            other.submit(() -> {
                        assertThatThrownBy(view::close).isInstanceOf(WrongThread.class);
                        assertThatThrownBy(() -> view.segment().get(ValueLayout.JAVA_BYTE, 0))
                                .isInstanceOf(WrongThreadException.class);
                    })
                    .get();
            view.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        }
        cluster().free(block);
    }

    @Test
    default void aViewStaysUsableWhenTheClusterIsClosed() {
        long block = cluster().malloc(64, Alloc.OPAQUE.withZeroes());
        cluster().roots().put("viewed", block);
        BlockView view = cluster().view(block);
        cluster().close();
        assertThatThrownBy(() -> cluster().view(block)).isInstanceOf(Closed.class);
        assertThat(view.segment().get(ValueLayout.JAVA_LONG, 0)).isZero();
        view.segment().set(ValueLayout.JAVA_LONG, 8, 42);
        view.persist(8, 8);
        view.close();
        reopen();
        assertThat(cluster().getLong(block + 8)).isEqualTo(42);
        cluster().roots().remove("viewed", block);
        cluster().free(block);
    }

    @Test
    default void aPinOfAnotherBlocksOffsetPinsNothing() {
        long block = cluster().malloc(64, Alloc.OPAQUE);
        pointerRefused(PointerFault.FOREIGN, () -> cluster().view(block ^ 1L << 52));
        pointerRefused(PointerFault.INTERIOR, () -> cluster().view(block + 16));
        assertThat(cluster().stat().openViews()).isZero();
        cluster().free(block);
    }
}
