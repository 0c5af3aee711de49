// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Texts like those people write: a few words are in nearly every file, most are in few; in sentences and paragraphs.
final class SampleTexts {
    private static final String[] SYLLABLES = {
        "ba", "con", "de", "er", "fol", "gra", "ing", "ka", "lo", "mem", "no", "or", "pro", "que", "ri", "sta", "tion",
        "un", "ver", "wel"
    };
    private static final int WORDS = 1500;

    private final Random random;
    private final List<String> words = new ArrayList<>();

    SampleTexts(Random random) {
        this.random = random;
        while (words.size() < WORDS) {
            StringBuilder word = new StringBuilder();
            for (int syllables = 1 + random.nextInt(4); syllables > 0; syllables--) {
                word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            words.add(word.toString());
        }
    }

    /// Writes `files` files of up to `most` words below `root`, in some directories.
    void write(Path root, int files, int most) throws IOException {
        for (int i = 0; i < files; i++) {
            String name = word() + "-" + i + (random.nextBoolean() ? ".txt" : ".md");
            SampleTree.write(root.resolve("chapter-" + i % 13).resolve(name), text(1 + random.nextInt(most)));
        }
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        boolean begins = true;
        for (int i = 0; i < length; i++) {
            String word = word();
            text.append(begins ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) : word);
            int mark = random.nextInt(40);
            begins = mark < 4;
            text.append(mark == 0 ? ".\n\n" : begins ? ".\n" : mark < 8 ? ", " : " ");
        }
        return text.toString();
    }

    /// Seldom one of the last.
    private String word() {
        double share = random.nextDouble();
        return words.get((int) (WORDS * share * share * share));
    }
}
