// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.report.Account.Act;
import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Fate;
import io.btd.emulator.report.Account.Kind;
import io.btd.emulator.report.Account.Line;
import io.btd.emulator.report.Account.Stage;
import io.btd.emulator.report.Account.Word;
import io.btd.emulator.report.WordStates.State;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A stage as a drawing: a row a cache line, in it a track a word, time from left to right, and behind the crash what
/// it left.
///
/// ```
///                    open | small:4    | put:0   | copy:3   CRASH
///                     ..  | s w f s w f| .. w f  | s s w    |
/// lane 0             ........................####%%%%       |xxxx   LOST sequence..checksum
/// block @20000       .........####%%%%======================|====
/// ```
final class LineChart {
    private static final int LABELS = 270;
    private static final int NOTES = 300;
    private static final int TOP = 58;
    private static final int TRACK = 4;
    private static final int ROW = 8 * TRACK;
    private static final int GAP = 9;
    private static final int STEP = 20;
    private static final int SKIP = 26;
    private static final int ACT_GAP = 10;
    private static final int IMAGE = 46;
    private static final int LETTER = 7;
    private static final int MOST_ROWS = 40;

    private final Stage stage;
    private final List<Row> rows;
    private final WordStates states;
    private final StringBuilder svg = new StringBuilder();
    private final Map<Long, Integer> beginOf = new HashMap<>();
    private final Map<Long, State> shownAs = new HashMap<>();
    private int x = LABELS;

    private LineChart(Stage stage, PersistenceDomain domain) {
        this.stage = stage;
        states = new WordStates(domain);
        List<Row> all = Row.of(stage, stage.lines().stream().filter(this::shown).toList());
        rows = all.subList(0, Math.min(MOST_ROWS, all.size()));
    }

    /// The drawing, as SVG.
    static String of(Stage stage, PersistenceDomain domain) {
        LineChart chart = new LineChart(stage, domain);
        return chart.draw();
    }

    private boolean shown(Line line) {
        return stage.open(line.number())
                || stage.acts().stream()
                        .flatMap(act -> Selection.of(stage, act).stream())
                        .filter(Selection.Piece::shown)
                        .map(piece -> piece.events().getFirst())
                        .anyMatch(event -> event.kind() != Kind.FENCE
                                && event.from() >>> 6 <= line.number()
                                && line.number() <= event.to() >>> 6);
    }

    private int height() {
        return TOP + rows.size() * (ROW + GAP) + 26;
    }

    private int top(int row) {
        return TOP + row * (ROW + GAP);
    }

    private String draw() {
        labels();
        for (Act act : stage.acts()) {
            act(act);
        }
        crash();
        int width = x + IMAGE + NOTES;
        return "<svg width='%d' height='%d' viewBox='0 0 %d %d' xmlns='http://www.w3.org/2000/svg'>%s</svg>"
                .formatted(width, height(), width, height(), svg);
    }

    private void labels() {
        for (int row = 0; row < rows.size(); row++) {
            Row line = rows.get(row);
            text(LABELS - 12, top(row) + 14, line.loses() ? "row loses" : "row", "end", Html.fit(line.name(), 36));
            String lines = line.lines() == 1 ? "line 0x%06x" : line.lines() + " lines from 0x%06x";
            text(LABELS - 12, top(row) + 27, "at", "end", lines.formatted(line.number() * 64));
        }
    }

    private void act(Act act) {
        int begin = x;
        List<Selection.Piece> pieces = Selection.of(stage, act);
        for (Selection.Piece piece : pieces) {
            piece(piece);
        }
        int needed = (act.title().length() + 1) * LETTER;
        x = Math.max(x, begin + needed);
        text(begin, 14, "act", "start", act.title());
        svg.append("<line class='act' x1='%d' y1='20' x2='%d' y2='20'><title>%s</title></line>"
                .formatted(begin, x - 2, Html.text(act.title() + (act.call().isEmpty() ? "" : ": " + act.call()))));
        if (act.acknowledged()) {
            text(x - 2, 33, "ack", "end", "ack");
            vertical("ackline", x - 1, "acknowledged: from here on this is promised");
        }
        x += ACT_GAP;
    }

    private void piece(Selection.Piece piece) {
        if (!piece.shown()) {
            text(x + SKIP / 2, 48, "skip", "middle", "..");
            svg.append("<rect class='skip' x='%d' y='38' width='%d' height='%d'><title>%s</title></rect>"
                    .formatted(x, SKIP, height() - 38 - 20, Html.text(piece.summary())));
            piece.events().forEach(states::step);
            tracks();
            x += SKIP;
            return;
        }
        Event event = piece.events().getFirst();
        states.step(event);
        String letter = switch (event.kind()) {
            case STORE -> "s";
            case ORDERED_STORE -> "o";
            case WRITE_BACK -> "w";
            case FENCE -> "f";
        };
        if (event.kind() == Kind.FENCE) {
            vertical("fence", x + STEP / 2, "fence at " + event.by());
        }
        svg.append("<text class='event %s' x='%d' y='48' text-anchor='middle'>%s<title>%s</title></text>"
                .formatted(letter, x + STEP / 2, letter, Html.text(said(event))));
        tracks();
        x += STEP;
    }

    private static String said(Event event) {
        String kind = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind + " " + event.name() + (event.value().isEmpty() ? "" : " = " + event.value()) + ", by " + event.by()
                + (event.thread() == 0 ? "" : ", thread " + event.thread());
    }

    /// Ends the tracks whose state has changed with the event at [#x], and begins new ones in its middle.
    private void tracks() {
        for (int row = 0; row < rows.size(); row++) {
            for (int word = 0; word < 8; word++) {
                long offset = rows.get(row).number() * 64 + word * 8L;
                State now = states.of(offset);
                if (shownAs.getOrDefault(offset, State.UNTOUCHED) != now) {
                    track(row, word, x + STEP / 2);
                    shownAs.put(offset, now);
                    beginOf.put(offset, x + STEP / 2);
                }
            }
        }
    }

    private void track(int row, int word, int end) {
        long offset = rows.get(row).number() * 64 + word * 8L;
        int begin = beginOf.getOrDefault(offset, LABELS);
        State state = shownAs.getOrDefault(offset, State.UNTOUCHED);
        bar(style(state), begin, row, word, end - begin, words(state));
    }

    private void bar(String style, int left, int row, int word, int width, String says) {
        svg.append("<rect class='%s' x='%d' y='%d' width='%d' height='%d'><title>%s: %s</title></rect>"
                .formatted(
                        style,
                        left,
                        top(row) + word * TRACK,
                        Math.max(0, width),
                        TRACK - 1,
                        Html.text(rows.get(row).words().get(word)),
                        says));
    }

    private static String style(State state) {
        return switch (state) {
            case UNTOUCHED -> "untouched";
            case PENDING -> "pending";
            case ON_ITS_WAY -> "way";
            case DURABLE -> "durable";
        };
    }

    private static String words(State state) {
        return switch (state) {
            case UNTOUCHED -> "as the program found it";
            case PENDING -> "stored, not durable";
            case ON_ITS_WAY -> "written back, not fenced";
            case DURABLE -> "durable";
        };
    }

    private void crash() {
        x += 4;
        for (int row = 0; row < rows.size(); row++) {
            for (int word = 0; word < 8; word++) {
                track(row, word, x);
            }
        }
        svg.append("<line class='crash' x1='%d' y1='24' x2='%d' y2='%d'/>".formatted(x, x, height() - 20));
        text(x + 4, 14, "crashword", "start", "CRASH");
        text(x + 4, 33, "at", "start", "what it left");
        x += 6;
        for (int row = 0; row < rows.size(); row++) {
            image(row);
        }
    }

    private void image(int row) {
        long number = rows.get(row).number();
        Map<Long, Word> open = new HashMap<>();
        stage.words().stream()
                .filter(word -> word.offset() >>> 6 == number)
                .forEach(word -> open.put(word.offset(), word));
        for (int word = 0; word < 8; word++) {
            Word left = open.get(number * 64 + word * 8L);
            State state = states.of(number * 64 + word * 8L);
            String style = left == null ? style(state) : left.fate() == Fate.LOST ? "lost" : "arrived";
            String says = left == null
                    ? words(state)
                    : left.fate() == Fate.LOST
                            ? "LOST: %s instead of %s".formatted(left.image(), left.stored())
                            : "arrived: " + left.image();
            bar(style, x, row, word, IMAGE, Html.text(says));
        }
        svg.append("<rect class='box' x='%d' y='%d' width='%d' height='%d'/>"
                .formatted(x - 1, top(row) - 1, IMAGE + 2, ROW + 1));
        List<Word> lost =
                open.values().stream().filter(word -> word.fate() == Fate.LOST).toList();
        if (!lost.isEmpty()) {
            text(x + IMAGE + 10, top(row) + 14, "note loses", "start", "lost " + count(lost.size()));
            text(
                    x + IMAGE + 10,
                    top(row) + 27,
                    "note",
                    "start",
                    lost.stream().allMatch(Word::writtenBack)
                            ? "written back, but not fenced"
                            : lost.stream().noneMatch(Word::writtenBack)
                                    ? "never written back"
                                    : "partly written back");
        } else if (!open.isEmpty()) {
            int arrived = open.size() * rows.get(row).lines();
            text(x + IMAGE + 10, top(row) + 14, "note", "start", "arrived, by luck: " + count(arrived));
        }
    }

    private static String count(int words) {
        return words == 1 ? "1 word" : words + " words";
    }

    private void vertical(String style, int at, String says) {
        svg.append("<line class='%s' x1='%d' y1='%d' x2='%d' y2='%d'><title>%s</title></line>"
                .formatted(style, at, style.equals("fence") ? 52 : 36, at, height() - 22, Html.text(says)));
    }

    private void text(int left, int baseline, String style, String anchor, String text) {
        svg.append("<text class='%s' x='%d' y='%d' text-anchor='%s'>%s</text>"
                .formatted(style, left, baseline, anchor, Html.text(text)));
    }

    /// How many lines are not drawn.
    static int left(Stage stage) {
        return stage.lines().size()
                - new LineChart(stage, PersistenceDomain.CACHE_LINE)
                        .rows.stream().mapToInt(Row::lines).sum();
    }
}
