// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import io.btd.api.BtdException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as people write it: `4096`, `64KiB`, `64 MiB`, `1G`. Units are powers of 1024 whether
/// or not they are spelled with an `i`, as in `dd` and `fallocate`.
public record ByteSize(long bytes) {
    private static final Pattern WRITTEN = Pattern.compile("(-?[0-9]+)\\s*(?:([KMGTPE])(?:I?B)?|B)?");
    private static final String UNITS = "KMGTPE";
    private static final int BITS_PER_UNIT = 10;

    /// Reads `text`. Negative numbers are read too: whether a size makes sense is for its user to say.
    ///
    /// @throws BtdException.InvalidSize for text that is no size, or one beyond 2^63-1
    public static ByteSize parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new BtdException.InvalidSize(
                    "not a size: text=" + text, "write bytes or a number with a unit: 4096, 64KiB, 64MiB, 1GiB");
        }
        String unit = matcher.group(2);
        BigInteger bytes = new BigInteger(matcher.group(1))
                .shiftLeft(unit == null ? 0 : BITS_PER_UNIT * (UNITS.indexOf(unit.charAt(0)) + 1));
        if (bytes.bitLength() > Long.SIZE - 1) {
            throw new BtdException.InvalidSize("size out of range: text=" + text, "use at most 2^63-1 bytes");
        }
        return new ByteSize(bytes.longValue());
    }

    /// The largest unit of which `bytes` is a whole number, as [#parse] reads it: `64 MiB`, `100 B`.
    public static String exactly(long bytes) {
        int unit = bytes == 0 ? 0 : Math.min(UNITS.length(), Long.numberOfTrailingZeros(bytes) / BITS_PER_UNIT);
        return (bytes >> (BITS_PER_UNIT * unit)) + " " + name(unit);
    }

    /// `bytes` with three digits and a unit, for people: `1.50 MiB`, `23.4 KiB`, `100 B`.
    public static String roughly(long bytes) {
        if (bytes < 1 << BITS_PER_UNIT) {
            return bytes + " B";
        }
        int unit = (Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes)) / BITS_PER_UNIT;
        double value = (double) bytes / (1L << (BITS_PER_UNIT * unit));
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, name(unit));
    }

    private static String name(int unit) {
        return unit == 0 ? "B" : UNITS.charAt(unit - 1) + "iB";
    }

    @Override
    public String toString() {
        return exactly(bytes);
    }
}
