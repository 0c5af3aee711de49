// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import io.btd.api.BtdException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A length of time as people write it: `500ms`, `10 s`, `2min`, `1h`.
public final class TimeSpan {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|min|h)");

    private TimeSpan() {}

    /// Reads `text`.
    ///
    /// @throws BtdException.InvalidConfig for anything else, a number without a unit included
    public static Duration parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new BtdException.InvalidConfig("not a time: text=" + text, "write 500ms, 10s, 2min or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMinutes(number);
        };
    }
}
