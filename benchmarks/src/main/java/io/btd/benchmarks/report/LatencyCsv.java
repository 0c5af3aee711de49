// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Outcome;
import io.btd.benchmarks.load.Round;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// Outcomes as CSV: a header, one line for each subject over all rounds (`round` is `all`), and one for each of its
/// rounds. No field needs quotes. Subjects that failed are left out.
public final class LatencyCsv {
    private static final String HEADER = "operation,system,call,link,connections,threads,depth,sliding,round,"
            + "operations,p50_us,p90_us,p99_us,p999_us,max_us,mean_us,per_second,client_cpu_us,server_cpu_us\n";

    private LatencyCsv() {}

    /// The whole file.
    public static String of(List<Outcome> outcomes) {
        StringBuilder text = new StringBuilder(HEADER);
        for (Outcome outcome : outcomes) {
            if (outcome.usable()) {
                line(text, outcome, "all");
                int number = 0;
                for (Round round : outcome.rounds()) {
                    Outcome alone = new Outcome(outcome.what(), List.of(round), outcome.failure());
                    line(text, alone, Integer.toString(++number));
                }
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, Outcome outcome, String round) {
        Case what = outcome.what();
        Histogram latencies = outcome.latencies();
        text.append(String.format(
                Locale.ROOT,
                "%s,%s,%s,%s,%d,%d,%d,%b,%s,%d,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.1f,%.3f,%.3f%n",
                what.operation().name().toLowerCase(Locale.ROOT),
                what.system(),
                what.call(),
                what.link().name().toLowerCase(Locale.ROOT),
                what.shape().connections(),
                what.shape().threads(),
                what.shape().depth(),
                what.shape().sliding(),
                round,
                outcome.operations(),
                micros(latencies, 50),
                micros(latencies, 90),
                micros(latencies, 99),
                micros(latencies, 99.9),
                latencies.getMaxValue() / 1e3,
                latencies.getMean() / 1e3,
                outcome.perSecond(),
                outcome.clientCpuMicros(),
                outcome.serverCpuMicros()));
    }

    private static double micros(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }
}
