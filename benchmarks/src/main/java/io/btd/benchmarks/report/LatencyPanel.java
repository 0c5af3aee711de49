// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import io.btd.benchmarks.load.Shape;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// One operation: a line for each subject from its p50 to its p99.9 on a logarithmic axis of time, in the colour of
/// its system, marked at p50, p90, p99 and p99.9, with its throughput behind its name.
final class LatencyPanel {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.CROSS
    };
    private static final Map<String, Color> COLOURS = Map.of(
            Case.BTD,
            new Color(0xC0392B),
            "redis",
            new Color(0x2471A3),
            "redis-always",
            new Color(0x7D3C98),
            "memcached",
            new Color(0x1E8449),
            "netty",
            new Color(0xB9770E),
            "socket",
            new Color(0x616A6B));

    private static final Map<Shape.Kind, String> HEADINGS = Map.of(
            Shape.Kind.ALONE, "ONE CALLER WHO WAITS",
            Shape.Kind.MANY, "MANY CALLERS WHO WAIT",
            Shape.Kind.PIPELINED, "PIPELINED");

    private final XYChart chart;
    private final Set<String> inLegend = new HashSet<>();

    private LatencyPanel(XYChart chart) {
        this.chart = chart;
    }

    static XYChart of(Operation operation, List<Outcome> rows, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(operation.title())
                .xAxisTitle("latency: ● p50  ◆ p90  ▲ p99  ✕ p99.9")
                .build();
        style(chart.getStyler());
        LatencyPanel panel = new LatencyPanel(chart);
        List<String> names = new ArrayList<>(); // from the bottom
        for (Shape.Kind kind : List.of(Shape.Kind.PIPELINED, Shape.Kind.MANY, Shape.Kind.ALONE)) {
            for (Outcome row : rows.reversed()) {
                if (row.what().shape().kind() == kind) {
                    names.add(name(row));
                    panel.add(row, names.size());
                }
            }
            names.add(HEADINGS.get(kind));
        }
        chart.getStyler()
                .setYAxisTickLabelsFormattingFunction(place -> label(place, names))
                .setYAxisTickMarkSpacingHint(LatencyPlot.ROW - 4)
                .setYAxisMin(0.0)
                .setYAxisMax(names.size() + 1.0);
        return chart;
    }

    private void add(Outcome outcome, double height) {
        String system = outcome.what().system();
        Color colour = COLOURS.getOrDefault(system, Color.BLACK);
        double[] micros = new double[PERCENTILES.length];
        double[] heights = new double[PERCENTILES.length];
        for (int at = 0; at < micros.length; at++) {
            micros[at] = Math.max(0.1, outcome.micros(PERCENTILES[at]));
            heights[at] = height;
        }
        boolean first = inLegend.add(system);
        XYSeries line = chart.addSeries(first ? system : system + " " + height, micros, heights);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(colour).setLineStyle(new BasicStroke(3)).setShowInLegend(first);
        for (int at = 0; at < micros.length; at++) {
            chart.addSeries(system + " " + height + " " + at, new double[] {micros[at]}, new double[] {height})
                    .setMarker(MARKERS[at])
                    .setMarkerColor(colour)
                    .setShowInLegend(false);
        }
    }

    private static String name(Outcome outcome) {
        return String.format("%-36s", outcome.what().label()) + LatencyTable.fit(outcome.perSecond() / 1e3, 5) + " k/s";
    }

    /// XChart looks for a step of the axis until all labels differ, for ever if need be: so they all do.
    private static String label(double place, List<String> names) {
        if (place != Math.rint(place)) {
            return Double.toString(place);
        }
        int row = (int) place - 1;
        String name = row >= 0 && row < names.size() ? names.get(row) : "";
        return name + "\u200B".repeat(Math.abs((int) place)); // no width
    }

    private static String time(double micros) {
        return micros < 1000 ? micros + " µs" : micros / 1000 + " ms";
    }

    private static void style(XYStyler styler) {
        styler.setXAxisLogarithmic(true);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setXAxisTickLabelsFormattingFunction(LatencyPanel::time);
        styler.setAxisTickLabelsFont(new Font(Font.MONOSPACED, Font.PLAIN, 14));
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setMarkerSize(9);
    }
}
