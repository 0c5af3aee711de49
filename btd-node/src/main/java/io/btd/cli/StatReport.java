// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.ArenaStat;
import io.btd.api.ClassCount;
import io.btd.api.PersistenceDomain;
import io.btd.api.RecoveryReport;
import io.btd.cli.config.ByteSize;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// An arena's state and its last recovery, for people (80 columns) and for programs (JSON).
record StatReport(ArenaStat stat, RecoveryReport recovery) {
    private static final String LINE = "%-11s %s%n";
    private static final String ROW = "%10s %14s %12s %16s %16s%n";

    /// Large objects have no size class; they come last.
    private static final Comparator<Long> BY_SIZE =
            Comparator.comparingLong(blockSize -> blockSize == 0 ? Long.MAX_VALUE : blockSize);

    String table() {
        StringBuilder text = new StringBuilder();
        line(text, "arena", OneLine.of(stat.arena()));
        line(text, "pointers", "node %d, arena %d, opened %,d times", stat.node(), stat.arenaId(), stat.generation());
        line(text, "domain", "%s (%s)", stat.domain().configName(), meaning(stat.domain()));
        line(
                text,
                "capacity",
                "%s, %s of it in pages in use (%.1f %%), metadata %s",
                ByteSize.roughly(stat.capacity()),
                ByteSize.roughly(stat.pagesInUse()),
                100.0 * stat.pagesInUse() / stat.capacity(),
                ByteSize.roughly(stat.metadata()));
        line(text, "live", "%,d blocks, %s", stat.liveBlocks(), ByteSize.roughly(stat.liveBytes()));
        if (stat.openViews() > 0 || stat.illegalFrees() > 0) {
            line(text, "", "%,d open views, %,d refused frees", stat.openViews(), stat.illegalFrees());
        }
        recovery(text);
        classes(text);
        return text.toString();
    }

    private void recovery(StringBuilder text) {
        if (recovery.clean()) {
            line(text, "recovery", "not needed: the last owner closed the arena");
            return;
        }
        line(
                text,
                "recovery",
                "%s; %,d records replayed",
                recovery.takenOver() ? "the last owner died" : "the arena had not been closed",
                recovery.replayed());
        line(
                text,
                "",
                "survived  %,d blocks, %s",
                recovery.survivingBlocks(),
                ByteSize.roughly(recovery.survivingBytes()));
        line(
                text,
                "",
                "came back %,d blocks, %s; whole pages %s",
                recovery.reclaimedBlocks(),
                ByteSize.roughly(recovery.reclaimedBytes()),
                ByteSize.roughly(recovery.reclaimedPages()));
        line(
                text,
                "",
                "replay %s, mark %s, sweep %s",
                millis(recovery.replayTime()),
                millis(recovery.markTime()),
                millis(recovery.sweepTime()));
    }

    private void classes(StringBuilder text) {
        TreeSet<Long> sizes = new TreeSet<>(BY_SIZE);
        for (List<ClassCount> counts : List.of(stat.live(), recovery.survivors(), recovery.reclaimed())) {
            counts.stream()
                    .filter(count -> count.blocks() > 0)
                    .map(ClassCount::blockSize)
                    .forEach(sizes::add);
        }
        if (sizes.isEmpty()) {
            return;
        }
        text.append(String.format("%n" + ROW, "block", "live", "bytes", "survived", "came back"));
        for (long size : sizes) {
            ClassCount live = find(stat.live(), size);
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    size == 0 ? "large" : ByteSize.exactly(size),
                    "%,d".formatted(live.blocks()),
                    ByteSize.roughly(live.bytes()),
                    recovery.clean()
                            ? "-"
                            : "%,d".formatted(find(recovery.survivors(), size).blocks()),
                    recovery.clean()
                            ? "-"
                            : "%,d".formatted(find(recovery.reclaimed(), size).blocks())));
        }
    }

    private static ClassCount find(List<ClassCount> counts, long size) {
        return counts.stream()
                .filter(count -> count.blockSize() == size)
                .findFirst()
                .orElse(new ClassCount(size, 0, 0));
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(
                Locale.ROOT, LINE, name, values.length == 0 ? format : String.format(Locale.ROOT, format, values)));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    private static String meaning(PersistenceDomain domain) {
        return switch (domain) {
            case CACHE_LINE -> "a store survives once written back and fenced";
            case EADR -> "a store survives once fenced";
            case PROCESS -> "survives the process, not the machine";
            case PAGE -> "survives once the page is synchronised";
        };
    }

    String json() {
        return Json.of(Map.of(
                "arena", stat.arena(),
                "domain", stat.domain().configName(),
                "node", stat.node(),
                "arena-id", stat.arenaId(),
                "generation", stat.generation(),
                "capacity", stat.capacity(),
                "memory",
                        Map.of(
                                "pages-in-use", stat.pagesInUse(),
                                "metadata", stat.metadata(),
                                "live-blocks", stat.liveBlocks(),
                                "live-bytes", stat.liveBytes(),
                                "classes", list(stat.live())),
                "open-views", stat.openViews(),
                "refused-frees", stat.illegalFrees(),
                "recovery",
                        Map.ofEntries(
                                Map.entry("clean", recovery.clean()),
                                Map.entry("taken-over", recovery.takenOver()),
                                Map.entry("replayed", recovery.replayed()),
                                Map.entry("surviving-blocks", recovery.survivingBlocks()),
                                Map.entry("surviving-bytes", recovery.survivingBytes()),
                                Map.entry("survivors", list(recovery.survivors())),
                                Map.entry("reclaimed-blocks", recovery.reclaimedBlocks()),
                                Map.entry("reclaimed-bytes", recovery.reclaimedBytes()),
                                Map.entry("reclaimed", list(recovery.reclaimed())),
                                Map.entry("reclaimed-pages", recovery.reclaimedPages()),
                                Map.entry("replay-nanos", recovery.replayTime().toNanos()),
                                Map.entry("mark-nanos", recovery.markTime().toNanos()),
                                Map.entry("sweep-nanos", recovery.sweepTime().toNanos()))));
    }

    private static List<Map<String, Long>> list(List<ClassCount> counts) {
        return counts.stream()
                .map(count -> Map.of("block", count.blockSize(), "blocks", count.blocks(), "bytes", count.bytes()))
                .toList();
    }
}
