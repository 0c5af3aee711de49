// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.emulator.report.Account.Act;
import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Fate;
import io.btd.emulator.report.Account.Stage;
import io.btd.emulator.report.Account.Word;
import java.util.ArrayList;
import java.util.List;

/// An account for a terminal of 100 columns.
public final class TextReport {
    private static final int WIDTH = 100;
    private static final int NAME = 46;
    private static final int LABEL = 10;
    private static final int MOST_WORDS = 24;

    private final List<String> lines = new ArrayList<>();

    private TextReport() {}

    /// The lines of an account.
    public static List<String> of(Account account) {
        TextReport report = new TextReport();
        report.labelled("script", List.of(account.title()));
        account.facts().forEach(fact -> report.labelled(fact.name(), List.of(fact.text())));
        account.stages().forEach(report::stage);
        report.lines.add("");
        report.labelled("promised", account.promised());
        report.labelled("found", account.found());
        report.lines.add("");
        report.labelled("in short", List.of(account.inShort()));
        return List.copyOf(report.lines);
    }

    private void stage(Stage stage) {
        lines.add("");
        lines.add("--- the " + stage.title() + " "
                + "-".repeat(WIDTH - 9 - stage.title().length()));
        boolean threads =
                stage.acts().stream().flatMap(act -> act.events().stream()).anyMatch(event -> event.thread() > 0);
        stage.acts().forEach(act -> act(stage, act, threads));
        lines.add(" ".repeat(LABEL) + "*** CRASH " + stage.where() + " ***");
        lines.add("");
        words(stage);
    }

    private void act(Stage stage, Act act, boolean threads) {
        List<Selection.Piece> pieces = Selection.of(stage, act);
        boolean quiet = pieces.stream().noneMatch(Selection.Piece::shown);
        String head = "%-12s %-34s".formatted(act.title(), act.call());
        String tail = quiet && !pieces.isEmpty() ? pieces.getFirst().summary() : "";
        lines.add((head + " " + tail).stripTrailing());
        if (!quiet) {
            for (Selection.Piece piece : pieces) {
                lines.add(
                        piece.shown()
                                ? event(piece.events().getFirst(), threads)
                                : " ".repeat(LABEL + 4) + "(" + piece.summary() + ")");
            }
        }
        if (act.acknowledged() && !quiet) {
            lines.add(" ".repeat(LABEL) + "returned to the program: acknowledged");
        }
    }

    private static String event(Event event, boolean threads) {
        String what = switch (event.kind()) {
            case STORE -> "store";
            case ORDERED_STORE -> "ordered";
            case WRITE_BACK -> "write-back";
            case FENCE -> "fence";
        };
        String thread = threads ? "t" + event.thread() + " " : "";
        String left = "  %s%-10s  %s".formatted(thread, what, fit(event.name(), NAME));
        String value = event.value().isEmpty() ? "" : " = " + event.value();
        int room = WIDTH - event.by().length() - 2;
        return (fit(left + value, room) + " ".repeat(Math.max(2, room - (left + value).length() + 2)) + event.by())
                .stripTrailing();
    }

    private void words(Stage stage) {
        List<Word> words = stage.words();
        if (words.isEmpty()) {
            lines.add("Every store was durable: nothing was lost.");
            return;
        }
        lines.add("%-8s %-46s %-20s %s".formatted("crash", "what was not durable", "durable", "stored last"));
        List<WordGroup> groups = WordGroup.of(words);
        for (WordGroup group : groups.subList(0, Math.min(MOST_WORDS, groups.size()))) {
            boolean lost = group.fate() == Fate.LOST;
            String note = lost && group.writtenBack() ? "written back, but not fenced" : "";
            String name = "%-8s %-46s ".formatted(lost ? "LOST" : "arrived", fit(group.name(), 46));
            if (group.single()) {
                lines.add(fit("%s%-20s %s".formatted(name, fit(group.durable(), 20), group.stored()), WIDTH));
                lines.addAll(note.isEmpty() ? List.of() : List.of(" ".repeat(9) + note));
            } else {
                lines.add((name + note).stripTrailing());
            }
            if (!group.image().equals(group.stored()) && !group.image().equals(group.durable())) {
                lines.add(" ".repeat(9) + fit("left is an older store: " + group.image(), WIDTH - 9));
            }
        }
        if (groups.size() > MOST_WORDS) {
            lines.add(" ".repeat(9) + "and " + (groups.size() - MOST_WORDS) + " more");
        }
    }

    private void labelled(String label, List<String> texts) {
        String name = label;
        for (String text : texts) {
            for (String line : wrap(text, WIDTH - LABEL)) {
                lines.add((name + " ".repeat(Math.max(1, LABEL - name.length()))) + line);
                name = "";
            }
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> wrapped = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int comma = rest.lastIndexOf(',', width - 1) + 1;
            int at = space > 0 ? space : comma > 0 ? comma : width;
            wrapped.add(rest.substring(0, at).stripTrailing());
            rest = rest.substring(at).stripLeading();
        }
        wrapped.add(rest);
        return wrapped;
    }

    private static String fit(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 2)) + "..";
    }
}
