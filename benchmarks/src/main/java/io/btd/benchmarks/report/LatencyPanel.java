// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.HashMap;
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
                .xAxisTitle("latency in µs: ● p50  ◆ p90  ▲ p99  ✕ p99.9")
                .build();
        style(chart.getStyler());
        LatencyPanel panel = new LatencyPanel(chart);
        Map<Long, String> names = new HashMap<>();
        for (int at = 0; at < rows.size(); at++) {
            int place = rows.size() - at;
            panel.add(rows.get(at), place);
            names.put((long) place, name(rows.get(at)));
        }
        chart.setCustomYAxisTickLabelsFormatter(place -> names.getOrDefault(Math.round(place), ""));
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(rows.size() + 1.0);
        chart.getStyler().setYAxisTickMarkSpacingHint(LatencyPlot.ROW);
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
        return outcome.what().label() + "  " + LatencyTable.fit(outcome.perSecond() / 1e3, 5) + " k/s";
    }

    private static void style(XYStyler styler) {
        styler.setXAxisLogarithmic(true);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setMarkerSize(9);
    }
}
