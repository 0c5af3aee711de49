// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.ArenaStat;
import io.btd.api.ClusterStat;
import io.btd.api.NodeStat;
import io.btd.cli.config.ByteSize;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The state of a cluster's nodes and their sums, for people and for programs (JSON). An endpoint stands last in its
/// line, because the path of a socket can be long.
record ClusterStatReport(ClusterStat stat) {
    private static final String ROW = "%4s %-10s %5s %9s %9s %9s %5s  %s%n";

    String table() {
        StringBuilder text = new StringBuilder();
        row(text, "node", "state", "life", "capacity", "in use", "sessions", "limbo", "endpoint");
        for (NodeStat node : stat.nodes()) {
            boolean asked = !node.arenas().isEmpty();
            row(
                    text,
                    node.node(),
                    word(node.state()),
                    node.incarnation(),
                    asked ? ByteSize.roughly(sum(node, ArenaStat::capacity)) : "-",
                    asked ? ByteSize.roughly(sum(node, ArenaStat::pagesInUse)) : "-",
                    asked ? node.sessions() : "-",
                    asked ? node.limbo() : "-",
                    OneLine.of(endpoint(node)));
        }
        long up = stat.nodes().stream()
                .filter(node -> node.state() != NodeStat.State.DOWN)
                .count();
        long calls = stat.localCalls() + stat.remoteCalls();
        text.append(String.format(
                Locale.ROOT,
                "%nnodes     %,d, %,d of them up%ncapacity  %s, %s of it in pages in use (%.1f %%)%nlive      %,d blocks, %s%n",
                stat.nodes().size(),
                up,
                ByteSize.roughly(stat.capacity()),
                ByteSize.roughly(stat.pagesInUse()),
                percent(stat.pagesInUse(), stat.capacity()),
                stat.liveBlocks(),
                ByteSize.roughly(stat.liveBytes())));
        text.append(String.format(
                Locale.ROOT,
                "calls     %,d of this client; %.1f %% on its own machine, %.1f %% elsewhere%n",
                calls,
                percent(stat.localCalls(), calls),
                percent(stat.remoteCalls(), calls)));
        return text.toString();
    }

    private static void row(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, ROW, columns));
    }

    private static String endpoint(NodeStat node) {
        boolean saysIt = node.endpoint().startsWith(node.transport() + ":");
        return saysIt ? node.endpoint() : (node.transport() + " " + node.endpoint()).strip();
    }

    private static String word(NodeStat.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static long sum(NodeStat node, ToLongFunction<ArenaStat> what) {
        return node.arenas().stream().mapToLong(what).sum();
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    String json() {
        List<Map<String, Object>> nodes =
                stat.nodes().stream().map(ClusterStatReport::json).toList();
        return Json.of(Map.of(
                "nodes", nodes,
                "capacity", stat.capacity(),
                "pages-in-use", stat.pagesInUse(),
                "live-blocks", stat.liveBlocks(),
                "live-bytes", stat.liveBytes(),
                "refused-frees", stat.illegalFrees(),
                "calls", Map.of("local", stat.localCalls(), "remote", stat.remoteCalls())));
    }

    private static Map<String, Object> json(NodeStat node) {
        return Map.ofEntries(
                Map.entry("node", node.node()),
                Map.entry("state", word(node.state())),
                Map.entry("transport", node.transport()),
                Map.entry("endpoint", node.endpoint()),
                Map.entry("incarnation", node.incarnation()),
                Map.entry("sessions", node.sessions()),
                Map.entry("limbo", node.limbo()),
                Map.entry("capacity", sum(node, ArenaStat::capacity)),
                Map.entry("pages-in-use", sum(node, ArenaStat::pagesInUse)),
                Map.entry("live-blocks", sum(node, ArenaStat::liveBlocks)),
                Map.entry("live-bytes", sum(node, ArenaStat::liveBytes)));
    }
}
