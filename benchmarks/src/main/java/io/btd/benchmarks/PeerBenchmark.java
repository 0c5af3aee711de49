// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The pair of [MallocBenchmark] with volatile allocators behind two critical downcalls: what a Java program
/// pays for them, not what a C program does.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class PeerBenchmark {
    private static final long SIZE = 64;

    /// glibc.
    @Benchmark
    public long pairGlibc() throws Throwable {
        long block = (long) NativePeer.Glibc.MALLOC.invokeExact(SIZE);
        NativePeer.Glibc.FREE.invokeExact(block);
        return block;
    }

    /// jemalloc.
    @Benchmark
    public long pairJemalloc() throws Throwable {
        long block = (long) NativePeer.Jemalloc.MALLOC.invokeExact(SIZE);
        NativePeer.Jemalloc.FREE.invokeExact(block);
        return block;
    }

    /// mimalloc.
    @Benchmark
    public long pairMimalloc() throws Throwable {
        long block = (long) NativePeer.Mimalloc.MALLOC.invokeExact(SIZE);
        NativePeer.Mimalloc.FREE.invokeExact(block);
        return block;
    }
}
