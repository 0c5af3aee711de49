// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.gc.GcSite;
import io.btd.heap.HeapSite;
import io.btd.heap.SizeClasses;
import io.btd.log.LogSite;
import io.btd.pages.PageSite;
import io.btd.pmem.ArenaSite;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistSite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The parts of the specification that can be computed. A page marks each with a comment on the line before.
class SpecTest {
    private static final Path MEDIA = Path.of("docs/spec/media.md");
    private static final Path RECOVERY = Path.of("docs/spec/recovery.md");
    private static final long EXAMPLE = 64L << 20;
    private static final int CLASSES_PER_LINE = 5;

    /// The lines behind a marker: a fenced block's, or a table's.
    private static String behind(Path path, String marker) throws IOException {
        List<String> lines = Page.read(path).lines();
        int at = lines.indexOf("<!-- checked: " + marker + " -->") + 1;
        assertThat(at).as("%s has no marker: %s", path, marker).isPositive();
        boolean table = lines.get(at).startsWith("|");
        int from = at + (table ? 2 : 1);
        int to = from;
        while (to < lines.size()
                && (table ? lines.get(to).startsWith("|") : !lines.get(to).equals("```"))) {
            to++;
        }
        return String.join("\n", lines.subList(from, to));
    }

    @Test
    void theWorkedExampleIsRight() throws IOException {
        Geometry g = Geometry.forCapacity(EXAMPLE);
        List<String> lines = new ArrayList<>();
        lines.add("P=%d U=%d C=%d N=%d L=%d l=%d t=%d"
                .formatted(
                        g.pageShift(),
                        g.unitShift(),
                        g.capacityPages(),
                        g.children(),
                        g.laneCount(),
                        g.laneBytes(),
                        g.layoutBytes()));
        lines.add(line(0, "header"));
        lines.add(line(g.rootSlot(0), "roots"));
        lines.add(line(g.layoutsOffset(), "layout table"));
        lines.add(line(g.lane(0), "lane 0"));
        lines.add(line(g.pageBits(0), "page bits"));
        lines.add(line(g.fixedEnd(), "fixedEnd, metadata of child 0"));
        lines.add(line(g.childMetadataBytes(), "bytes of metadata of a child"));
        lines.add(line(g.dataOffset(), "dataOffset"));
        lines.add(line(g.mediumBytes(), "mediumBytes"));
        assertThat(behind(MEDIA, "geometry " + EXAMPLE)).isEqualTo(String.join("\n", lines));
    }

    private static String line(long offset, String what) {
        return String.format(Locale.ROOT, "%10d  %s", offset, what);
    }

    @Test
    void theSizeClassesAreThoseOfTheCode() throws IOException {
        Geometry geometry = Geometry.forCapacity(EXAMPLE);
        SizeClasses classes = SizeClasses.of(geometry);
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < classes.count(); c++) {
            String span = classes.span(c) == 1 ? "" : " / " + classes.span(c);
            text.append("%-22s".formatted(c + ": " + classes.size(c) + " x " + classes.blocks(c) + span));
            text.append(c % CLASSES_PER_LINE == CLASSES_PER_LINE - 1 ? "\n" : "");
        }
        assertThat(behind(MEDIA, "size classes"))
                .isEqualTo(text.toString().replaceAll(" +(\n|$)", "$1").strip());
    }

    @Test
    void everySiteIsListed() throws IOException {
        String sites = Stream.<PersistSite[]>of(
                        ArenaSite.values(), PageSite.values(), HeapSite.values(), LogSite.values(), GcSite.values())
                .flatMap(Stream::of)
                .sorted(Comparator.comparingInt(PersistSite::number))
                .map(site -> "| %d | `%s.%s` | %s |"
                        .formatted(site.number(), site.getClass().getSimpleName(), site.name(), site.protects()))
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
        assertThat(behind(RECOVERY, "sites")).isEqualTo(sites);
    }
}
