// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.emulator.report.Account.Fate;
import io.btd.emulator.report.Account.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Neighbouring words of one field that met the same fate, in a line of a table.
///
/// @param durable what was on the medium, of a single word
/// @param stored what the program had stored, of a single word
/// @param image what was left, of a single word
record WordGroup(String name, Fate fate, boolean writtenBack, String durable, String stored, String image) {

    /// Whether it is one word, whose values are known.
    boolean single() {
        return !stored.isEmpty();
    }

    /// The words in groups, the lost ones first.
    static List<WordGroup> of(List<Word> words) {
        List<WordGroup> groups = new ArrayList<>();
        List<Word> run = new ArrayList<>();
        for (Word word : words) {
            if (!run.isEmpty() && !follows(run.getLast(), word)) {
                groups.add(group(run));
                run.clear();
            }
            run.add(word);
        }
        if (!run.isEmpty()) {
            groups.add(group(run));
        }
        groups.sort(Comparator.comparing(WordGroup::fate));
        return groups;
    }

    private static boolean follows(Word word, Word next) {
        return next.offset() == word.offset() + Long.BYTES
                && next.fate() == word.fate()
                && next.writtenBack() == word.writtenBack()
                && next.name().place().equals(word.name().place());
    }

    private static WordGroup group(List<Word> run) {
        Word first = run.getFirst();
        if (run.size() == 1) {
            return new WordGroup(
                    first.name().toString(),
                    first.fate(),
                    first.writtenBack(),
                    first.durable(),
                    first.stored(),
                    first.image());
        }
        String name = Names.range(first.name(), run.getLast().name(), run.size());
        return new WordGroup(name, first.fate(), first.writtenBack(), "", "", "");
    }
}
