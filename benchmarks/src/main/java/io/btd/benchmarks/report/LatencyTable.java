// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import java.util.List;
import java.util.Locale;

/// Outcomes and ratios as text for 80 columns, one part for each operation.
public final class LatencyTable {
    private static final String HEAD = "%n%-36s %7s %7s %7s %7s %6s %4s%n";
    private static final String ROW = "%-36.36s %s %s %s %s %s %s%n";

    private final List<Outcome> outcomes;

    /// Of these outcomes, in their order.
    public LatencyTable(List<Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("Latency in us, thousand operations a second, CPU us of client + server.\n");
        for (Operation operation : Operation.values()) {
            part(text, operation);
        }
        ratios(text);
        for (Outcome outcome : outcomes) {
            outcome.failure()
                    .ifPresent(reason -> text.append("left out: subject=")
                            .append(outcome.what())
                            .append(", reason=")
                            .append(reason)
                            .append('\n'));
        }
        return text.toString();
    }

    private void part(StringBuilder text, Operation operation) {
        List<Outcome> rows = outcomes.stream()
                .filter(outcome -> outcome.usable() && outcome.what().operation() == operation)
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        text.append(String.format(HEAD, operation.title(), "p50", "p90", "p99", "p99.9", "k/s", "CPU"));
        for (Outcome row : rows) {
            text.append(String.format(
                    ROW,
                    row.what().label(),
                    fit(row.micros(50), 7),
                    fit(row.micros(90), 7),
                    fit(row.micros(99), 7),
                    fit(row.micros(99.9), 7),
                    fit(row.perSecond() / 1e3, 6),
                    fit(row.clientCpuMicros() + row.serverCpuMicros(), 4)));
        }
    }

    private void ratios(StringBuilder text) {
        List<Ratio> ratios = Ratio.all(outcomes);
        if (ratios.isEmpty()) {
            return;
        }
        text.append("\nbtd / peer: median of the rounds (least .. most); p50 less is better, k/s more is.\n");
        Operation operation = null;
        for (Ratio ratio : ratios) {
            if (ratio.btd().operation() != operation) {
                operation = ratio.btd().operation();
                text.append('\n').append(operation.title()).append('\n');
            }
            text.append(String.format(
                    Locale.ROOT,
                    "  %-24s/ %-14s p50 %s  k/s %s%n",
                    ratio.btd().label(),
                    ratio.peer().system() + " " + ratio.peer().call(),
                    spread(ratio.median50()),
                    spread(ratio.throughput())));
        }
    }

    private static String spread(Spread spread) {
        return fit(spread.median(), 4) + " (" + fit(spread.least(), 0) + ".." + fit(spread.most(), 0) + ")";
    }

    /// A number with about three digits, right in `width` columns.
    static String fit(double number, int width) {
        String form = number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : "%.2f";
        String digits = Double.isFinite(number) ? String.format(Locale.ROOT, form, number) : "-";
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
