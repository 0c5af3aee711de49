// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import io.btd.benchmarks.load.Shape;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
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

    static final int WIDTH = 1100;
    private static final int NAMES = 390;
    private static final int ROW = 24;
    private static final int FRAME = 150;

    private final XYChart chart;
    private final List<String> names = new ArrayList<>(); // from the bottom
    private final Set<String> inLegend = new HashSet<>();

    private LatencyPanel(XYChart chart) {
        this.chart = chart;
    }

    /// Of these outcomes.
    static LatencyPanel of(Operation operation, List<Outcome> rows) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH - NAMES)
                .height(FRAME + ROW * (rows.size() + HEADINGS.size()))
                .title(operation.title())
                .xAxisTitle("latency in µs: ● p50  ◆ p90  ▲ p99  ✕ p99.9")
                .build();
        style(chart.getStyler());
        LatencyPanel panel = new LatencyPanel(chart);
        for (Shape.Kind kind : List.of(Shape.Kind.PIPELINED, Shape.Kind.MANY, Shape.Kind.ALONE)) {
            for (Outcome row : rows.reversed()) {
                if (row.what().shape().kind() == kind) {
                    panel.names.add(name(row));
                    panel.add(row, panel.names.size());
                }
            }
            panel.names.add(HEADINGS.get(kind));
        }
        chart.getStyler().setYAxisMin(0.5).setYAxisMax(panel.names.size() + 0.5);
        return panel;
    }

    int height() {
        return chart.getHeight();
    }

    /// Paints the chart, and the names of its rows left of it: XChart chooses ticks of an axis by how long their
    /// labels are, and leaves some out.
    void paint(Graphics2D graphics) {
        Graphics2D right = (Graphics2D) graphics.create(NAMES, 0, WIDTH - NAMES, height());
        chart.paint(right, WIDTH - NAMES, height());
        right.dispose();
        graphics.setFont(new Font(Font.MONOSPACED, Font.PLAIN, 14));
        graphics.setColor(Color.BLACK);
        for (int row = 1; row <= names.size(); row++) {
            graphics.drawString(names.get(row - 1), 12, (int) chart.getScreenYFromChart(row) + 5);
        }
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

    private static void style(XYStyler styler) {
        styler.setYAxisTicksVisible(false);
        styler.setXAxisLogarithmic(true);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setXAxisDecimalPattern("#,###.##");
        styler.setAxisTickLabelsFont(new Font(Font.MONOSPACED, Font.PLAIN, 14));
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setMarkerSize(9);
    }
}
