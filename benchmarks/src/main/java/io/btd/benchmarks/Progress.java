// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/// Says which benchmark runs, and keeps everything else JMH has to say for the day it fails.
final class Progress implements OutputFormat {
    private final PrintWriter out;
    private final StringBuilder said = new StringBuilder();

    Progress(PrintWriter out) {
        this.out = out;
    }

    /// What JMH said.
    String said() {
        return said.toString();
    }

    @Override
    public void startBenchmark(BenchmarkParams benchmark) {
        out.println("bench: " + BenchTable.name(benchmark) + ", threads=" + benchmark.getThreads());
        out.flush();
    }

    @Override
    public void print(String text) {
        said.append(text);
    }

    @Override
    public void println(String text) {
        said.append(text).append('\n');
    }

    @Override
    public void verbosePrintln(String text) {
        println(text);
    }

    @Override
    public void write(int octet) {
        said.append((char) octet);
    }

    @Override
    public void write(byte[] octets) {
        said.append(new String(octets, StandardCharsets.UTF_8));
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {
        // too fine
    }

    @Override
    public void iterationResult(
            BenchmarkParams benchmark, IterationParams iteration, int number, IterationResult result) {
        // too fine
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        // the table says it
    }

    @Override
    public void startRun() {
        // the first benchmark says it
    }

    @Override
    public void endRun(Collection<RunResult> results) {
        // the table says it
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
