// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the word somebody meant.
public final class Nearest {

    private Nearest() {}

    /// The candidate with the smallest edit distance to `word`, if it is near enough to be meant: at most a
    /// third of the letters differ, and never all of them.
    public static Optional<String> to(String word, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> distance(word, candidate) <= Math.max(1, (word.length() + 1) / 3)
                        || (candidate.startsWith(word) && word.length() > 1))
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// How many letters must be inserted, removed, replaced or swapped with their neighbour.
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
