// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the micro benchmarks through JMH, each in its own processes: the hook with one thread, the
/// allocators with one and with two.
final class MicroRun {
    private final boolean quick;
    private final Progress progress;

    MicroRun(boolean quick, Progress progress) {
        this.quick = quick;
        this.progress = progress;
    }

    Collection<RunResult> run() throws RunnerException {
        List<RunResult> results = new ArrayList<>(run(HookBenchmark.class, 1));
        for (int threads = 1; threads <= 2; threads++) {
            results.addAll(run(MallocBenchmark.class, threads));
            results.addAll(run(PeerBenchmark.class, threads));
        }
        return results;
    }

    private Collection<RunResult> run(Class<?> benchmark, int threads) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
                .threads(threads)
                .jvmArgs("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .addProfiler(CpuTimeProfiler.class)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (!NativePeer.loads(NativePeer.JEMALLOC)) {
            options.exclude("pairJemalloc");
        }
        if (!NativePeer.loads(NativePeer.MIMALLOC)) {
            options.exclude("pairMimalloc");
        }
        if (quick) {
            options.forks(1).warmupIterations(2).measurementIterations(2);
            options.warmupTime(TimeValue.milliseconds(200)).measurementTime(TimeValue.milliseconds(200));
        }
        return new Runner(options.build(), progress).run();
    }
}
