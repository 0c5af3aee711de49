// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/// Outcomes as a picture: one panel for each operation, the echoes in all of them.
public final class LatencyPlot {
    private static final int WIDTH = LatencyPanel.WIDTH;
    private static final int TITLE = 76;

    private LatencyPlot() {}

    /// Writes a PNG.
    ///
    /// @param subtitle where and how it was measured
    /// @throws IOException when the file cannot be written
    public static void write(List<Outcome> outcomes, String subtitle, Path file) throws IOException {
        List<LatencyPanel> panels = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            List<Outcome> rows = rows(outcomes, operation);
            boolean own = rows.stream().anyMatch(row -> row.what().operation() == operation);
            if (own && operation != Operation.ECHO) {
                panels.add(LatencyPanel.of(operation, rows));
            }
        }
        if (panels.isEmpty()) {
            List<Outcome> echoes = rows(outcomes, Operation.ECHO);
            panels.add(LatencyPanel.of(Operation.ECHO, echoes));
        }
        if (!ImageIO.write(compose(panels, subtitle), "png", file.toFile())) {
            throw new IOException("no PNG on this system: file=" + file + "; the CSV has the same figures");
        }
    }

    private static List<Outcome> rows(List<Outcome> outcomes, Operation operation) {
        return outcomes.stream()
                .filter(Outcome::usable)
                .filter(row -> row.what().operation() == operation || row.what().operation() == Operation.ECHO)
                .toList();
    }

    /// Two panels side by side, under a title.
    private static BufferedImage compose(List<LatencyPanel> panels, String subtitle) {
        int columns = Math.min(2, panels.size());
        int height = TITLE;
        for (int at = 0; at < panels.size(); at += columns) {
            height += rowHeight(panels, at, columns);
        }
        BufferedImage image = new BufferedImage(WIDTH * columns, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), height);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 24));
        graphics.drawString("btd and its peers on loopback", 24, 34);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 16));
        graphics.drawString(subtitle, 24, 60);
        int top = TITLE;
        for (int at = 0; at < panels.size(); at += columns) {
            int tall = rowHeight(panels, at, columns);
            for (int column = 0; column < columns && at + column < panels.size(); column++) {
                Graphics2D part = (Graphics2D) graphics.create(column * WIDTH, top, WIDTH, tall);
                panels.get(at + column).paint(part);
                part.dispose();
            }
            top += tall;
        }
        graphics.dispose();
        return image;
    }

    private static int rowHeight(List<LatencyPanel> panels, int from, int columns) {
        return panels.subList(from, Math.min(panels.size(), from + columns)).stream()
                .mapToInt(LatencyPanel::height)
                .max()
                .orElse(0);
    }
}
