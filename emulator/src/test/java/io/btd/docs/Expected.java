// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Output as a page shows it: `...` stands for anything in a line, alone on a line for any lines; a pointer for
/// any pointer, and the same one for the same one throughout a page.
final class Expected {
    private static final Pattern POINTER = Pattern.compile("0x[0-9a-f]{16}");

    private final Map<String, String> actualByShown = new HashMap<>();

    /// Whether `actual` is what `shown` stands for.
    boolean matches(List<String> shown, List<String> actual) {
        if (shown.isEmpty()) {
            return actual.isEmpty();
        }
        if (shown.getFirst().equals("...")) {
            for (int skipped = 0; skipped <= actual.size(); skipped++) {
                if (matches(shown.subList(1, shown.size()), actual.subList(skipped, actual.size()))) {
                    return true;
                }
            }
            return false;
        }
        return !actual.isEmpty()
                && lineMatches(shown.getFirst(), actual.getFirst())
                && matches(shown.subList(1, shown.size()), actual.subList(1, actual.size()));
    }

    private boolean lineMatches(String shown, String actual) {
        StringBuilder pattern = new StringBuilder();
        for (String part : shown.split("(?=\\.\\.\\.)|(?<=\\.\\.\\.)", -1)) {
            pattern.append(
                    part.equals("...")
                            ? ".*"
                            : Pattern.quote(part).replaceAll(POINTER.pattern(), "\\\\E(0x[0-9a-f]{16})\\\\Q"));
        }
        Matcher matcher = Pattern.compile(pattern.toString()).matcher(actual);
        if (!matcher.matches()) {
            return false;
        }
        List<String> pointers =
                POINTER.matcher(shown).results().map(found -> found.group()).toList();
        for (int i = 0; i < pointers.size(); i++) {
            String known = actualByShown.putIfAbsent(pointers.get(i), matcher.group(i + 1));
            if (known != null && !known.equals(matcher.group(i + 1))) {
                return false;
            }
        }
        return true;
    }
}
