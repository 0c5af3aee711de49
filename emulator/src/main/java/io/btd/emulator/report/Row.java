// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.emulator.report.Account.Line;
import io.btd.emulator.report.Account.Stage;
import java.util.ArrayList;
import java.util.List;

/// A row of the drawing: a line, or neighbouring lines of one field with which the same happened.
///
/// @param number of the first line
/// @param lines how many
/// @param name of all the words that were stored
/// @param words the names of the first line's words
/// @param loses whether the crash took anything
/// @param whole whether all of its words were stored
record Row(long number, int lines, String name, List<String> words, boolean loses, boolean whole) {
    private static final String TO = "..";

    /// The rows for some lines, those that lost something first.
    static List<Row> of(Stage stage, List<Line> lines) {
        List<Row> rows = new ArrayList<>();
        for (Line line : lines) {
            boolean loses = stage.lost().stream().anyMatch(word -> word.offset() >>> 6 == line.number());
            Row row = new Row(line.number(), 1, line.name(), line.words(), loses, whole(line));
            if (!rows.isEmpty() && rows.getLast().goesOnWith(row, stage)) {
                rows.set(rows.size() - 1, rows.getLast().with(row));
            } else {
                rows.add(row);
            }
        }
        List<Row> sorted = new ArrayList<>(rows.stream().filter(Row::loses).toList());
        rows.stream().filter(row -> !row.loses()).forEach(sorted::add);
        return sorted;
    }

    private boolean goesOnWith(Row next, Stage stage) {
        return !loses
                && !next.loses
                && next.number == number + lines
                && place(words.getFirst()).equals(place(next.words.getFirst()))
                && whole
                && next.whole
                && open(stage, number) == open(stage, next.number);
    }

    private static long open(Stage stage, long line) {
        return stage.words().stream()
                .filter(word -> word.offset() >>> 6 == line)
                .count();
    }

    private static boolean whole(Line line) {
        String name = line.name();
        return name.startsWith(line.words().getFirst() + TO)
                && line.words().getLast().endsWith(name.substring(name.lastIndexOf(TO) + TO.length()));
    }

    private static String place(String word) {
        return word.substring(0, word.lastIndexOf(' ') + 1);
    }

    private Row with(Row next) {
        String last = next.name.substring(next.name.lastIndexOf(TO));
        return new Row(number, lines + 1, name.substring(0, name.lastIndexOf(TO)) + last, words, false, true);
    }
}
