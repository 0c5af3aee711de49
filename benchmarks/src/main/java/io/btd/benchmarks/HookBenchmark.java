// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.api.PersistenceDomain;
import io.btd.pmem.ArenaSite;
import io.btd.pmem.MemoryMedium;
import io.btd.pmem.PersistentMemory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the gateway's hook costs: `bare` has none in its byte code, `off` is the gateway as a program runs
/// it, `on` is the gateway with a hook whose methods are called and do nothing, to show that a hook would be
/// seen. One operation is one access to a word (or one published word: a release store and its persist, in
/// the PROCESS domain). Eight of them stand in a row, without a loop: what the compiler makes of a loop over
/// accesses changes from run to run by more than what is looked for.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OperationsPerInvocation(HookBenchmark.ACCESSES)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class HookBenchmark {
    static final int ACCESSES = 8;
    private static final long BYTES = 32 * 1024;
    private static final long STRIDE = 1000; // visits every word
    private static final String HOOK = "-Dbtd.pmem.hook=io.btd.benchmarks.NoOpHook";

    private final MemoryMedium medium = new MemoryMedium(BYTES + 8 * ACCESSES, PersistenceDomain.PROCESS);
    private final PersistentMemory gateway = medium.memory();
    private final BareMemory bare = new BareMemory(medium.segment());
    private long offset;

    private long next() {
        long now = offset + STRIDE & BYTES - 1;
        offset = now;
        return now;
    }

    /// Loads words without a gateway.
    @Benchmark
    public long loadBare() {
        long at = next();
        return bare.getLong(at)
                + bare.getLong(at + 8)
                + bare.getLong(at + 16)
                + bare.getLong(at + 24)
                + bare.getLong(at + 32)
                + bare.getLong(at + 40)
                + bare.getLong(at + 48)
                + bare.getLong(at + 56);
    }

    /// Loads words through the gateway.
    @Benchmark
    public long loadOff() {
        long at = next();
        return gateway.getLong(at)
                + gateway.getLong(at + 8)
                + gateway.getLong(at + 16)
                + gateway.getLong(at + 24)
                + gateway.getLong(at + 32)
                + gateway.getLong(at + 40)
                + gateway.getLong(at + 48)
                + gateway.getLong(at + 56);
    }

    /// Loads words through the gateway with a hook.
    @Benchmark
    @Fork(jvmArgsAppend = HOOK)
    public long loadOn() {
        long at = next();
        return gateway.getLong(at)
                + gateway.getLong(at + 8)
                + gateway.getLong(at + 16)
                + gateway.getLong(at + 24)
                + gateway.getLong(at + 32)
                + gateway.getLong(at + 40)
                + gateway.getLong(at + 48)
                + gateway.getLong(at + 56);
    }

    /// Stores words without a gateway.
    @Benchmark
    public void storeBare() {
        long at = next();
        bare.setLong(at, at);
        bare.setLong(at + 8, at);
        bare.setLong(at + 16, at);
        bare.setLong(at + 24, at);
        bare.setLong(at + 32, at);
        bare.setLong(at + 40, at);
        bare.setLong(at + 48, at);
        bare.setLong(at + 56, at);
    }

    /// Stores words through the gateway.
    @Benchmark
    public void storeOff() {
        long at = next();
        gateway.setLong(at, at);
        gateway.setLong(at + 8, at);
        gateway.setLong(at + 16, at);
        gateway.setLong(at + 24, at);
        gateway.setLong(at + 32, at);
        gateway.setLong(at + 40, at);
        gateway.setLong(at + 48, at);
        gateway.setLong(at + 56, at);
    }

    /// Stores words through the gateway with a hook.
    @Benchmark
    @Fork(jvmArgsAppend = HOOK)
    public void storeOn() {
        long at = next();
        gateway.setLong(at, at);
        gateway.setLong(at + 8, at);
        gateway.setLong(at + 16, at);
        gateway.setLong(at + 24, at);
        gateway.setLong(at + 32, at);
        gateway.setLong(at + 40, at);
        gateway.setLong(at + 48, at);
        gateway.setLong(at + 56, at);
    }

    /// Publishes words without a gateway.
    @Benchmark
    public void publishBare() {
        long at = next();
        publishBare(at, at);
        publishBare(at + 8, at);
        publishBare(at + 16, at);
        publishBare(at + 24, at);
        publishBare(at + 32, at);
        publishBare(at + 40, at);
        publishBare(at + 48, at);
        publishBare(at + 56, at);
    }

    /// Publishes words through the gateway.
    @Benchmark
    public void publishOff() {
        long at = next();
        publish(at, at);
        publish(at + 8, at);
        publish(at + 16, at);
        publish(at + 24, at);
        publish(at + 32, at);
        publish(at + 40, at);
        publish(at + 48, at);
        publish(at + 56, at);
    }

    /// Publishes words through the gateway with a hook.
    @Benchmark
    @Fork(jvmArgsAppend = HOOK)
    public void publishOn() {
        long at = next();
        publish(at, at);
        publish(at + 8, at);
        publish(at + 16, at);
        publish(at + 24, at);
        publish(at + 32, at);
        publish(at + 40, at);
        publish(at + 48, at);
        publish(at + 56, at);
    }

    private void publishBare(long at, long value) {
        bare.setLongRelease(at, value);
        bare.persist(at, 8);
    }

    private void publish(long at, long value) {
        gateway.setLongRelease(at, value);
        gateway.persist(at, 8, ArenaSite.FORMAT);
    }
}
