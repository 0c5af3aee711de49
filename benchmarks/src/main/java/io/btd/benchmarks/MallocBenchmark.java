// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.LocalAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// malloc and free of 64 B. One operation is a pair. `handle` goes through the thread's [LocalAllocator],
/// `plain` through the cluster, which finds the thread's heap each time. OPAQUE blocks arrive as they are,
/// POINTERS blocks zeroed.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class MallocBenchmark {
    private static final long SIZE = 64;
    private static final int BLOCKS = 100_000;

    private BtdCluster cluster;
    private LocalAllocator handle;
    private final long[] blocks = new long[BLOCKS];

    /// Gets the handle; runs on the thread that measures.
    @Setup
    public void setUp(OpenCluster open) {
        cluster = open.get();
        handle = cluster.local();
    }

    /// A pair at a time, so that the magazine always serves it.
    @Benchmark
    public long pairHandleOpaque() {
        long block = handle.malloc(SIZE, Alloc.OPAQUE);
        handle.free(block);
        return block;
    }

    /// The same, zeroed.
    @Benchmark
    public long pairHandlePointers() {
        long block = handle.malloc(SIZE, Alloc.POINTERS);
        handle.free(block);
        return block;
    }

    /// Through the ordinary call.
    @Benchmark
    public long pairPlainOpaque() {
        long block = cluster.malloc(SIZE, Alloc.OPAQUE);
        cluster.free(block);
        return block;
    }

    /// The same, zeroed.
    @Benchmark
    public long pairPlainPointers() {
        long block = cluster.malloc(SIZE, Alloc.POINTERS);
        cluster.free(block);
        return block;
    }

    /// 100,000 blocks, then all of them freed in order: magazines refill and overflow. The shape of
    /// nvm_malloc's alloc_free without the filling of the blocks.
    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public void allocFreeHandleOpaque() {
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = handle.malloc(SIZE, Alloc.OPAQUE);
        }
        for (int i = 0; i < BLOCKS; i++) {
            handle.free(blocks[i]);
        }
    }

    /// The same, zeroed.
    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public void allocFreeHandlePointers() {
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = handle.malloc(SIZE, Alloc.POINTERS);
        }
        for (int i = 0; i < BLOCKS; i++) {
            handle.free(blocks[i]);
        }
    }

    /// Through the ordinary call.
    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public void allocFreePlainOpaque() {
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = cluster.malloc(SIZE, Alloc.OPAQUE);
        }
        for (int i = 0; i < BLOCKS; i++) {
            cluster.free(blocks[i]);
        }
    }
}
