// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.report.Account.Act;
import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Fate;
import io.btd.emulator.report.Account.Stage;
import java.util.List;

/// An account as one page that needs nothing else: the drawing, what the crash decided word by word, and every event.
public final class HtmlReport {
    private static final String STYLE = """
            :root{--ink:#1d2733;--dim:#66788a;--rule:#dfe5ea;--lost:#d1242f;--ok:#2a9d5c}
            body{margin:0;background:#f4f6f8;color:var(--ink);font:14px/1.5 system-ui,sans-serif}
            main{max-width:1360px;margin:0 auto;padding:20px 24px 60px}
            h1{font-size:19px;margin:0 0 2px} h1 code{font-size:17px}
            h2{font-size:15px;margin:26px 0 8px}
            code,pre,td.m,svg text{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}
            dl{display:grid;grid-template-columns:max-content 1fr;gap:1px 14px;margin:8px 0 0;color:var(--dim);font-size:13px}
            dt{font-weight:600} dd{margin:0} dd code{color:var(--ink)}
            .cards{display:grid;grid-template-columns:1fr 1fr;gap:14px;margin-top:14px}
            .card{background:#fff;border:1px solid var(--rule);border-radius:8px;padding:10px 14px;font-size:13px}
            .cards.one{grid-template-columns:1fr}
            .card b{display:block;color:var(--dim);font-size:11px;letter-spacing:.06em;text-transform:uppercase}
            .card.bad{border-left:4px solid var(--lost)} .card.good{border-left:4px solid var(--ok)}
            .chart{background:#fff;border:1px solid var(--rule);border-radius:8px;padding:12px 8px 4px;overflow-x:auto}
            .legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:12px;color:var(--dim);margin:8px 2px}
            .legend i{display:inline-block;width:18px;height:9px;margin-right:6px;border-radius:2px}
            table{border-collapse:collapse;background:#fff;border:1px solid var(--rule);font-size:12.5px;width:100%}
            th{text-align:left;color:var(--dim);font-weight:600;padding:5px 10px;border-bottom:1px solid var(--rule)}
            td{padding:2px 10px;vertical-align:top} tr.first td{border-top:1px solid var(--rule);padding-top:5px}
            td.lost{color:var(--lost);font-weight:700} td.arrived{color:var(--ok)} td.dim{color:var(--dim)}
            .untouched{fill:#eef1f4} .durable,.legend .durable{fill:#a9b8c6;background:#a9b8c6}
            .pending{fill:#f2a93b;background:#f2a93b} .way{fill:#4a9fe0;background:#4a9fe0}
            .lost{fill:var(--lost)} i.lost{background:var(--lost)} .arrived{fill:var(--ok)} i.arrived{background:var(--ok)}
            i.untouched{background:#eef1f4}
            svg text{font-size:11.5px;fill:var(--ink)} svg .at{fill:#8898a8;font-size:10.5px} svg .row.loses,svg .note.loses{
            fill:var(--lost);font-weight:700} svg .act{stroke:#8898a8;stroke-width:1.5} svg text.act{stroke:none;font-weight:600}
            svg .ack{fill:var(--ok);font-size:10px} svg .ackline{stroke:var(--ok);stroke-width:1;stroke-dasharray:2 3}
            svg .fence{stroke:#3a6ea5;stroke-width:1.2;opacity:.55} svg .event{font-size:11px;fill:#8898a8}
            svg .event.f{fill:#3a6ea5;font-weight:700} svg .event.w{fill:#2f86c9} svg .event.s,svg .event.o{fill:#c27d0e}
            svg .skip{fill:#f4f6f8;opacity:.75} svg text.skip{fill:#8898a8;opacity:1}
            svg .crash{stroke:var(--lost);stroke-width:3} svg .crashword{fill:var(--lost);font-weight:700;font-size:12.5px}
            svg .box{fill:none;stroke:#52616f;stroke-width:1} svg .note{fill:var(--dim)}
            """;

    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    /// The page.
    public static String of(Account account) {
        HtmlReport report = new HtmlReport();
        report.head(account);
        for (Stage stage : account.stages()) {
            report.stage(stage, account.domain());
        }
        report.page.append("</main></body></html>\n");
        return report.page.toString();
    }

    private void head(Account account) {
        page.append("<!doctype html><html lang='en'><head><meta charset='utf-8'><title>")
                .append(Html.text(account.title()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><main><h1>Broken promise: <code>")
                .append(Html.text(account.title()))
                .append("</code></h1><dl>");
        for (Account.Fact fact : account.facts()) {
            page.append(
                    "<dt>%s</dt><dd><code>%s</code></dd>".formatted(Html.text(fact.name()), Html.text(fact.text())));
        }
        page.append("</dl><div class='cards'>");
        card("good", "Promised", account.promised());
        card("bad", "Found after the recovery", account.found());
        page.append("</div><div class='cards one'>");
        page.append("<div class='card'><b>In short</b>%s</div></div>".formatted(Html.text(account.inShort())));
    }

    private void card(String style, String title, List<String> texts) {
        page.append("<div class='card %s'><b>%s</b>".formatted(style, title));
        texts.forEach(text -> page.append("<div><code>").append(Html.text(text)).append("</code></div>"));
        page.append("</div>");
    }

    private void stage(Stage stage, PersistenceDomain domain) {
        page.append("<h2>The %s, and its crash %s</h2>".formatted(Html.text(stage.title()), Html.text(stage.where())));
        page.append("<div class='chart'>").append(LineChart.of(stage, domain)).append("</div>");
        legend();
        int left = LineChart.left(stage);
        if (left > 0) {
            page.append("<div class='legend'>")
                    .append(left)
                    .append(" lines that were durable and that no event shown here touches are left out.</div>");
        }
        words(stage);
        events(stage);
    }

    private void legend() {
        page.append("<div class='legend'>"
                + "<span><i class='untouched'></i>not stored to</span><span><i class='pending'></i>stored, not durable</span>"
                + "<span><i class='way'></i>written back, not fenced</span><span><i class='durable'></i>durable</span>"
                + "<span><i class='lost'></i>lost</span><span><i class='arrived'></i>arrived, by luck</span>"
                + "<span>a row is a 64-byte line, a track in it a word; s store, o ordered store, w write-back, f fence,"
                + " .. several of them; point at anything for its name</span></div>");
    }

    private void words(Stage stage) {
        page.append("<h2>What the crash decided</h2>");
        if (stage.words().isEmpty()) {
            page.append("<p>Every store was durable: nothing was lost.</p>");
            return;
        }
        page.append(
                "<table><tr><th>fate</th><th>word</th><th>durable before</th><th>stored last</th><th>left</th></tr>");
        for (WordGroup group : WordGroup.of(stage.words())) {
            boolean lost = group.fate() == Fate.LOST;
            page.append("<tr><td class='%s'>%s</td><td class='m'>%s</td><td class='m'>%s</td><td class='m'>%s</td>"
                    .formatted(
                            lost ? "lost" : "arrived",
                            lost ? "LOST" : "arrived",
                            Html.text(group.name()),
                            Html.text(group.durable()),
                            Html.text(group.stored())));
            page.append("<td class='m'>%s</td></tr>".formatted(Html.text(group.image())));
        }
        page.append("</table>");
    }

    private void events(Stage stage) {
        page.append(
                "<h2>Every event</h2><table><tr><th>operation</th><th>event</th><th>words</th><th>value</th><th>by</th>"
                        + "</tr>");
        for (Act act : stage.acts()) {
            String title = act.title() + (act.call().isEmpty() ? "" : "  " + act.call());
            String style = " class='first'";
            for (Event event : act.events()) {
                row(style, title, event);
                style = "";
                title = "";
            }
            if (act.acknowledged()) {
                page.append("<tr%s><td class='m'>%s</td><td class='arrived' colspan='4'>acknowledged</td></tr>"
                        .formatted(style, Html.text(title)));
            }
        }
        page.append("<tr class='first'><td></td><td class='lost' colspan='4'>CRASH %s</td></tr></table>"
                .formatted(Html.text(stage.where())));
    }

    private void row(String style, String title, Event event) {
        String kind = switch (event.kind()) {
            case STORE -> "store";
            case ORDERED_STORE -> "ordered store";
            case WRITE_BACK -> "write-back";
            case FENCE -> "fence";
        };
        page.append(
                "<tr%s><td class='m'>%s</td><td>%s</td><td class='m'>%s</td><td class='m'>%s</td><td class='m dim'>%s</td></tr>"
                        .formatted(
                                style,
                                Html.text(title),
                                kind + (event.thread() == 0 ? "" : ", thread " + event.thread()),
                                Html.text(event.name()),
                                Html.text(event.value()),
                                Html.text(event.by())));
    }
}
