// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.PersistenceDomain;
import java.util.List;
import java.util.stream.Collectors;

/// A broken promise, told in order: what the program did up to the crash; where a recovery crashed as well, what that
/// did;
/// what had been promised and what was found. Immutable.
///
/// @param title the program, in a line
/// @param facts what else there is to know, as name and text: how to see it again, what a crash loses
/// @param promised what was owed
/// @param found what is wrong
/// @param domain whose losses count: what a store needs to survive a crash
/// @param stages the program, and the recovery that crashed in turn
public record Account(
        String title,
        List<Fact> facts,
        List<String> promised,
        List<String> found,
        PersistenceDomain domain,
        List<Stage> stages) {

    /// The crash that mattered, in words.
    public String inShort() {
        Stage stage = stages.getLast();
        List<Word> lost = stage.lost();
        String first = stages.size() == 1 ? "The crash came " : "A second crash came while the recovery ran, ";
        Act act = stage.acts().getLast();
        String during = stages.size() > 1
                ? ""
                : (act.acknowledged() ? "after " : "in ") + act.title()
                        + (act.call().isEmpty() ? "" : " (" + act.call() + ")") + ", ";
        if (stage.words().isEmpty()) {
            return first + during + stage.where()
                    + ". Nothing was lost: what was stored by then is what the recovery met.";
        }
        String some = "Of %d words that were not durable then, "
                .formatted(stage.words().size());
        String losses = WordGroup.of(lost).stream()
                .map(group -> group.name() + (group.writtenBack() ? ", written back but not fenced" : ""))
                .collect(Collectors.joining("; "));
        return first + during + stage.where() + ". " + some
                + (lost.isEmpty()
                        ? "all arrived, though nothing had guaranteed that."
                        : "%d were lost: %s. Had any of these lines arrived, nothing would have been wrong."
                                .formatted(lost.size(), losses));
    }

    /// Something to know beforehand.
    public record Fact(String name, String text) {}

    /// From a start to a crash.
    ///
    /// @param where the moment of the crash, in words
    /// @param acts the operations, in order; the crash came in or after the last
    /// @param words what the crash decided: every word that was not durable for certain
    /// @param lines the lines that were stored to, by address
    public record Stage(String title, String where, List<Act> acts, List<Word> words, List<Line> lines) {

        /// The words that the program had stored and the crash lost.
        public List<Word> lost() {
            return words.stream().filter(word -> word.fate() == Fate.LOST).toList();
        }

        /// Whether a line holds a word that was not durable.
        boolean open(long line) {
            return words.stream().anyMatch(word -> word.offset() >>> 6 == line);
        }
    }

    /// One operation.
    ///
    /// @param call the call it is, or an empty string
    /// @param acknowledged whether the program went on, so that its effect had been promised
    public record Act(String title, String call, boolean acknowledged, List<Event> events) {}

    /// What happened to persistent memory, one or several neighbouring words.
    public enum Kind {
        /// May reach the medium at any time, in any order.
        STORE,
        /// May reach the medium at any time, behind earlier stores to its line.
        ORDERED_STORE,
        /// On its way.
        WRITE_BACK,
        /// What this thread had sent on its way has arrived.
        FENCE
    }

    /// An event.
    ///
    /// @param thread which of the program's, from 0
    /// @param from offset of the first word
    /// @param to offset of the last word; of a fence both are 0
    /// @param name of the words
    /// @param value what was stored, where it is one word
    /// @param by who did it: a persist site, or the method that stores
    public record Event(Kind kind, int thread, long from, long to, String name, String value, String by) {
        boolean touches(Stage stage) {
            for (long line = from >>> 6; line <= to >>> 6 && kind != Kind.FENCE; line++) {
                if (stage.open(line)) {
                    return true;
                }
            }
            return false;
        }

        boolean stores() {
            return kind == Kind.STORE || kind == Kind.ORDERED_STORE;
        }
    }

    /// A cache line that was stored to.
    ///
    /// @param number its offset by 64
    /// @param name of the words that were stored
    /// @param words the names of all eight
    public record Line(long number, String name, List<String> words) {}

    /// What became of a word that was not durable for certain.
    public enum Fate {
        /// The last store to it is not in the image.
        LOST,
        /// It is in the image, though nothing guaranteed that.
        ARRIVED
    }

    /// A word that was not durable for certain.
    ///
    /// @param writtenBack whether it was on its way, and only the fence was missing
    /// @param durable what was on the medium for certain
    /// @param stored what the program had stored last
    /// @param image what the crash left
    public record Word(
            long offset, Field name, Fate fate, boolean writtenBack, String durable, String stored, String image) {}
}
