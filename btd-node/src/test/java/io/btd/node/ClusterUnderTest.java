// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the contracts ask of the cluster they are tried on, and the words they are written in.
interface ClusterUnderTest {
    /// The capacity of the cluster's only arena.
    long CAPACITY = 8L << 20;

    /// The open cluster; empty when the test begins.
    BtdCluster cluster();

    /// Closes the cluster and opens it again.
    ///
    /// @param zeroOnFree whether blocks are wiped when they are freed from now on
    BtdCluster reopen(boolean zeroOnFree);

    /// Opens what the death of everybody at this moment would leave.
    BtdCluster crash(boolean zeroOnFree);

    /// Random choices of this test; the seed was printed.
    SplittableRandom random();

    // --- words

    default BtdCluster reopen() {
        return reopen(false);
    }

    default BtdCluster crash() {
        return crash(false);
    }

    default byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random().nextBytes(bytes);
        return bytes;
    }

    default byte[] read(long address, long count) {
        byte[] bytes = new byte[(int) count];
        cluster().read(address, MemorySegment.ofArray(bytes));
        return bytes;
    }

    default void memcpy(long address, byte... bytes) {
        cluster().memcpy(address, MemorySegment.ofArray(bytes));
    }

    /// The content of a whole block.
    default byte[] content(long block) {
        return read(block, cluster().usableSize(block));
    }

    /// Fails unless the call is refused for this fault of a pointer.
    default void pointerRefused(PointerFault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidPointer.class,
                        e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    /// Fails unless the call is refused with this kind of error, and allocated blocks and pages stay.
    default void refused(Class<? extends BtdException> kind, ThrowingCallable call) {
        long blocks = cluster().stat().liveBlocks();
        assertThatThrownBy(call).isInstanceOf(kind).hasMessageContaining("; ");
        assertThat(cluster().stat().liveBlocks()).isEqualTo(blocks);
    }

    /// Frees all of them.
    default void free(java.util.List<Long> blocks) {
        cluster().free(blocks.stream().mapToLong(Long::longValue).toArray());
    }

    /// Fills the arena with blocks of this size; returns how it refused the last.
    default BtdException.Full fill(long size, io.btd.api.Alloc alloc, java.util.List<Long> blocks) {
        long[] many = new long[256];
        while (true) {
            try {
                cluster().malloc(size, alloc, many);
                Arrays.stream(many).forEach(blocks::add);
            } catch (BtdException.Full fewer) {
                return fillOneByOne(size, alloc, blocks);
            }
        }
    }

    private BtdException.Full fillOneByOne(long size, io.btd.api.Alloc alloc, java.util.List<Long> blocks) {
        while (true) {
            try {
                blocks.add(cluster().malloc(size, alloc));
            } catch (BtdException.Full full) {
                return full;
            }
        }
    }
}
