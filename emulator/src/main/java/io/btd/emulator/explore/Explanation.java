// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.emulator.report.Account;
import io.btd.emulator.report.Reconstruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// From a violation to its account.
final class Explanation {
    private static final String OR = "  or  ";
    private static final String ALSO = "  |  ";

    private Explanation() {}

    /// The account of a violation that was found while call sites were noted.
    ///
    /// @param facts what else the reader is to know
    static Account of(Violation violation, List<Account.Fact> facts) {
        List<Account.Fact> all = new ArrayList<>();
        if (violation.life() > 0) {
            all.add(new Account.Fact(
                    "life", (violation.life() + 1) + ", which began with the recovery from the script's crash"));
        }
        all.addAll(facts);
        return new Reconstruction(Exploration.GEOMETRY, Calls::of, violation.domain())
                .of(
                        violation.script().toString(),
                        all,
                        violation.promised().isEmpty()
                                ? List.of("the right answer to each call")
                                : parts(violation.promised(), OR),
                        parts(violation.what(), ALSO),
                        violation.crashes());
    }

    /// The alternatives, one a line.
    private static List<String> parts(String text, String between) {
        List<String> parts = new ArrayList<>(Arrays.asList(text.split(java.util.regex.Pattern.quote(between), -1)));
        if (parts.size() == 2 && parts.get(0).endsWith(": " + parts.get(1))) {
            return List.of(parts.get(0) + ", its content as before or as after");
        }
        for (int i = 1; i < parts.size(); i++) {
            parts.set(i, between.strip().equals("|") ? "nor: " + parts.get(i) : "or " + parts.get(i));
        }
        return parts;
    }
}
