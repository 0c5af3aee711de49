// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// Results as text for 80 columns: wall clock and CPU time of an operation, operations per CPU second and
/// thread, bytes of Java objects per operation; below, the ratios that do not depend on the machine's mood.
final class BenchTable {
    private static final String GARBAGE = "gc.alloc.rate.norm";

    private final Collection<RunResult> results;

    BenchTable(Collection<RunResult> results) {
        this.results = results;
    }

    /// A benchmark without its package.
    static String name(BenchmarkParams benchmark) {
        String name = benchmark.getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "%-39s %3s %8s %8s %7s %6s%n", "benchmark", "thr", "ns/op", "CPU ns", "M/CPU-s", "B/op"));
        Map<String, Double> oneThread = new HashMap<>();
        for (RunResult result : results) {
            double cpu = secondary(result, CpuTimeProfiler.CPU);
            if (result.getParams().getThreads() == 1) {
                oneThread.put(name(result.getParams()), cpu);
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%-39s %3d %8.2f %8.2f %7.1f %6.2f%n",
                    name(result.getParams()),
                    result.getParams().getThreads(),
                    result.getPrimaryResult().getScore(),
                    cpu,
                    1000 / cpu,
                    secondary(result, GARBAGE)));
        }
        ratio(text, oneThread, "hook off / no hook, load", "HookBenchmark.loadOff", "HookBenchmark.loadBare");
        ratio(text, oneThread, "hook off / no hook, store", "HookBenchmark.storeOff", "HookBenchmark.storeBare");
        ratio(text, oneThread, "hook off / no hook, publish", "HookBenchmark.publishOff", "HookBenchmark.publishBare");
        String handle = "MallocBenchmark.pairHandleOpaque";
        ratio(text, oneThread, "plain call / handle", "MallocBenchmark.pairPlainOpaque", handle);
        ratio(text, oneThread, "handle / glibc by downcall", handle, "PeerBenchmark.pairGlibc");
        ratio(text, oneThread, "handle / jemalloc by downcall", handle, "PeerBenchmark.pairJemalloc");
        ratio(text, oneThread, "handle / mimalloc by downcall", handle, "PeerBenchmark.pairMimalloc");
        return text.toString();
    }

    private static void ratio(StringBuilder text, Map<String, Double> cpu, String what, String over, String under) {
        Double above = cpu.get(over);
        Double below = cpu.get(under);
        if (above != null && below != null) {
            text.append(String.format(Locale.ROOT, "%-39s %18.2f x (CPU time)%n", what, above / below));
        }
    }

    private static double secondary(RunResult result, String name) {
        Result<?> secondary = result.getSecondaryResults().get(name);
        return secondary == null ? Double.NaN : secondary.getScore();
    }
}
